using System.Text.Json.Nodes;
using TextGan.Training;

namespace TextGan.Tests.Cli;

/// <summary>Sampling from a run that was trained for the purpose: sentences "the cat sat" and "the dog sat", six tokens at most.</summary>
public sealed class SampleCommandTests
{
    static Workplace place = null!;

    static string Run => place.At("runs", "first", "1");

    [OneTimeSetUp]
    public void Train()
    {
        place = new Workplace();
        var run = CommandRun.In(place.Folder, null, "run", "--only", "first", "--quiet");
        Assert.That(run.Code, Is.Zero, run.Error);
    }

    [OneTimeTearDown]
    public void CleanUp() => place.Dispose();

    static CommandRun Sample(params string[] arguments) => CommandRun.In(place.Folder, null, ["sample", "runs/first/1", .. arguments]);

    static string[] Texts(params string[] arguments)
    {
        var run = Sample(arguments);
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.EndWith("\n"));
        return run.Output[..^1].Split('\n');
    }

    [TestCase("", 10)]
    [TestCase("--count 1", 1)]
    [TestCase("-n 300", 300)]
    public void DrawsAsManyTextsAsAskedFor(string arguments, int count)
    {
        var texts = Texts(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.That(texts, Has.Length.EqualTo(count));
        var known = new HashSet<string> { "the", "cat", "dog", "sat", "<unk>" };
        Assert.That(texts.SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct(), Is.SubsetOf(known));
        Assert.That(texts.Select(text => text.Split(' ').Length), Is.All.LessThanOrEqualTo(6));
    }

    [Test]
    public void TheSeedDecides()
    {
        Assert.That(Texts("-n", "40", "--seed", "5"), Is.EqualTo(Texts("-n", "40", "-s", "5")));
        Assert.That(Texts("-n", "40", "--seed", "5"), Is.Not.EqualTo(Texts("-n", "40", "--seed", "6")));
        Assert.That(Texts("-n", "40"), Is.EqualTo(Texts("-n", "40", "--seed", "1")), "1 unless told otherwise");
    }

    /// <summary>How many texts are asked for does not change those that come first; 300 are several batches.</summary>
    [TestCase("")]
    [TestCase("--temperature 0")]
    [TestCase("--temperature 0.7 --top-k 3")]
    [TestCase("--top-p 0.8 --seed 9")]
    [TestCase("--prompt the")]
    public void FewerTextsAreTheFirstOfMore(string arguments)
    {
        var options = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var all = Texts(["-n", "300", .. options]);
        foreach (var count in (int[])[1, 2, 4, 63, 64, 65, 299]) Assert.That(
            Texts(["-n", $"{count}", .. options]), Is.EqualTo(all[..count]), $"{count}");
    }

    [Test]
    public void FewerTextsOfATransformerAreTheFirstOfMore()
    {
        var run = CommandRun.In(place.Folder, null, "run", "--only", "first", "--quiet", "--runs", "transformers",
            "--set", "generator={\"kind\":\"transformer\",\"layers\":1,\"heads\":2,\"hidden\":16}");
        Assert.That(run.Code, Is.Zero, run.Error);
        string Texts(string count) => CommandRun.In(place.Folder, null, "sample", "transformers/first/1", "-n", count).Output;
        var four = Texts("4");
        Assert.That(Texts("100"), Does.StartWith(four));
        Assert.That(four, Does.StartWith(Texts("2")).And.StartWith(Texts("3")));
    }

    [Test]
    public void EveryTextBeginsWithThePrompt()
    {
        Assert.That(Texts("--prompt", "the dog"), Has.Length.EqualTo(10).And.All.StartsWith("the dog"));
        Assert.That(Texts("--prompt", ""), Is.EqualTo(Texts()));
        Assert.That(Texts("--prompt", "  "), Is.EqualTo(Texts()));
        Assert.That(Texts("--prompt", "sat sat sat sat sat"), Is.All.StartsWith("sat sat sat sat sat"), "five of six tokens");
        Assert.That(Texts("--prompt", "the the", "--length", "3").Select(text => text.Split(' ').Length), Is.All.InRange(2, 3));
    }

    [Test]
    public void PromptsOfAFileAreAnsweredTogetherAndStandBesideTheirAnswers([Values] bool asJson)
    {
        string[] prompts = ["the dog", "cat", "sat the cat dog"];
        File.WriteAllLines(place.At("prompts.txt"),
            asJson ? prompts.Select(prompt => $$"""{"prompt":"{{prompt}}"}""") : [prompts[0], "", .. prompts[1..]]);
        var lines = Texts("--prompts", "prompts.txt", "-n", "30").Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.That(lines.Select(line => (string?)line["prompt"]), Is.EqualTo(Enumerable.Range(0, 90).Select(i => prompts[i % 3])));
        Assert.That(lines.Where(line => (string?)line["prompt"] == prompts[2]).Select(line => ((string)line["text"]!).Split(' ').Length),
            Is.All.LessThanOrEqualTo(2), "four of six tokens are the prompt's");
        Assert.That(Texts("--prompts", "prompts.txt"), Is.EqualTo(Texts("--prompts", "prompts.txt", "-n", "30")[..3]));
        // Greedy answers are those to each prompt alone.
        foreach (var line in Texts("--prompts", "prompts.txt", "-t", "0").Select(line => JsonNode.Parse(line)!))
            Assert.That($"{line["prompt"]} {line["text"]}".Trim(),
                Is.EqualTo(Texts("--prompt", (string)line["prompt"]!, "-t", "0", "-n", "1")[0]));
    }

    [TestCase("the zebra", "bad.txt:1: the model's vocabulary does not have 'zebra'.")]
    [TestCase("the\nthe cat sat the cat sat", "bad.txt:2: has 6 tokens; texts have 6 (see --length), so the most for a prompt is 5.")]
    [TestCase("", "bad.txt: The file is empty.")]
    [TestCase("{\"prompt\":\"the\"}\n{\"text\":\"the\"}", "bad.txt:2: The object has no \"prompt\"; its fields are \"text\".")]
    public void BadPromptsOfAFileAreNamed(string content, string problem)
    {
        File.WriteAllText(place.At("bad.txt"), content);
        Assert.That(Sample("--prompts", "bad.txt"),
            Is.EqualTo(new CommandRun(2, "", problem.Replace("bad.txt", place.At("bad.txt")) + "\n")));
    }

    [Test]
    public void GreedyTextsAreAllAlike()
    {
        Assert.That(Texts("--temperature", "0").Distinct().Count(), Is.EqualTo(1));
        Assert.That(Texts("--top-k", "1"), Is.EqualTo(Texts("-t", "0")));
        Assert.That(Texts("--top-p", "0"), Is.EqualTo(Texts("-t", "0")));
        Assert.That(Texts("-n", "60").Distinct().Count(), Is.GreaterThan(5));
    }

    [TestCase("--prompt|the zebra sat zebra Dog", "--prompt: the model's vocabulary does not have 'zebra', 'Dog'.")]
    [TestCase("--prompt|<end>", "--prompt: the model's vocabulary does not have '<end>'.")]
    [TestCase("--prompt|the cat sat the cat sat", "--prompt: has 6 tokens; texts have 6 (see --length), so the most for a prompt is 5.")]
    [TestCase("--prompt|the cat|--length|2", "--prompt: has 2 tokens; texts have 2 (see --length), so the most for a prompt is 1.")]
    [TestCase("--prompt|the|--prompts|x", "--prompts: cannot be combined with --prompt; give one of them.")]
    [TestCase("--count|0", "--count: 0 is out of range; 1 to 2147483647 are allowed.")]
    [TestCase("--count|-3", "--count: -3 is out of range; 1 to 2147483647 are allowed.")]
    [TestCase("--temperature|-0.5", "--temperature: -0.5 is out of range; 0 to 100 are allowed.")]
    [TestCase("--temperature|101", "--temperature: 101 is out of range; 0 to 100 are allowed.")]
    [TestCase("--temperature|NaN", "--temperature: NaN is out of range; 0 to 100 are allowed.")]
    [TestCase("--top-k|-1", "--top-k: -1 is out of range; 0 to 2147483647 are allowed.")]
    [TestCase("--top-p|1.5", "--top-p: 1.5 is out of range; 0 to 1 are allowed.")]
    [TestCase("--length|0", "--length: 0 is out of range; 1 to 1000000 are allowed.")]
    [TestCase("--device|tpu", "--device: 'tpu' is not a device; allowed are auto, cpu, cuda and cuda:N.")]
    public void BadOptionsAreNamed(string arguments, string problem) =>
        Assert.That(Sample(arguments.Split('|')), Is.EqualTo(new CommandRun(2, "", problem + "\n")));

    [TestCase("--count|many")]
    [TestCase("--temperature|warm")]
    [TestCase("--colour|red")]
    public void WordsThatAreNoNumbersAreBadInput(string arguments)
    {
        var run = Sample(arguments.Split('|'));
        Assert.That((run.Code, run.Output), Is.EqualTo((2, "")));
        Assert.That(run.Error, Does.EndWith("See 'textgan sample --help'.\n")
            .And.Contain(arguments.Split('|')[arguments.Contains("colour") ? 0 : 1]));
    }

    [Test]
    public void AMissingRunIsNamed()
    {
        Assert.That(CommandRun.In(place.Folder, null, "sample", "runs/none/1"),
            Is.EqualTo(new CommandRun(
                2, "", $"{place.At("runs", "none", "1")}: is neither a run folder nor a model's: it has no config.json. Name a folder " +
                    $"such as runs/EXPERIMENT/SEED, or one in Hugging Face's layout.\n")));
        Assert.That(CommandRun.In(place.Folder, null, "sample", "runs/first").Error, Is.EqualTo(
            $"{place.At("runs", "first")}: is neither a run folder nor a model's: it has no config.json. Name a folder such as " +
            $"runs/EXPERIMENT/SEED, or one in Hugging Face's layout.\n"));
        Assert.That(CommandRun.In(place.Folder, null, "sample").Code, Is.EqualTo(2));
        Assert.That(Sample("--checkpoint", "adversarial-00000009"), Is.EqualTo(new CommandRun(2, "",
            $"{Path.Combine(Run, "checkpoints")}: has no checkpoint 'adversarial-00000009'; there are {Only.Name}.\n")));
    }

    /// <summary>A tokenizer of a plug-in that makes the end token of the word "halt".</summary>
    [Test]
    public void AnEndTokenInAPromptOrInDataIsNamed()
    {
        var plugin = Path.Combine(Repository.Root, "tests", "TextGan.Tests.Plugin", "bin", "TextGan.Tests.Plugin.dll").Replace('\\', '/');
        using var own = new Workplace(
            Workplace.Experiments.Replace("{ \"kind\": \"word\" }", "{ \"kind\": \"faulty\", \"fault\": \"ends\" }")
            .Replace("\"length\": 6", $"\"plugins\": [\"{plugin}\"], \"length\": 6"));
        CommandRun Do(params string[] arguments) => CommandRun.In(own.Folder, null, [.. arguments, "--allow-plugins"]);
        Assert.That(Do("run", "--only", "first", "--quiet").Code, Is.Zero);
        Assert.That(Do("sample", "runs/first/1", "--prompt", "the cat").Code, Is.Zero);
        foreach (var prompt in (string[])["the halt cat", "halt", "the halt"])
        {
            var refused = Do("sample", "runs/first/1", "--prompt", prompt);
            Assert.That((refused.Code, refused.Output), Is.EqualTo((2, "")));
            Assert.That(refused.Error,
                Does.EndWith("--prompt: has the model's end token, '<end>', with which a text ends: nothing can follow it.\n"));
        }
        File.WriteAllText(own.At("scored.txt"), "the cat\nthe cat halt sat\n");
        var scored = Do("score", "runs/first/1", "scored.txt", "--out", "scores.jsonl");
        Assert.That(scored.Code, Is.EqualTo(2));
        Assert.That(scored.Error, Does.Contain("scored.txt:2: The text \"the cat halt sat\" becomes the end token"));
        Assert.That(File.Exists(own.At("scores.jsonl")), Is.False);
        File.AppendAllText(own.At("sentences.txt"), "the cat halt sat\n");
        var run = Do("run", "--only", "second", "--quiet");
        Assert.That(run.Code, Is.EqualTo(2));
        Assert.That(run.Error,
            Does.Contain("$.tokenizer: The text \"the cat halt sat\" becomes the end token (id 0) at token 3 of 4; what follows it would " +
                "be lost."));
    }

    static Checkpoint Only => Checkpoint.In(new RunFolder(Run).Checkpoints).Single();

    /// <summary>A copy of the run, damaged; what sampling from it says.</summary>
    static string Damaged(Action<RunFolder> damage)
    {
        var copy = new RunFolder(place.At("runs", "copy", Guid.NewGuid().ToString("N")));
        foreach (var file in Directory.EnumerateFiles(Run, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy.Root, Path.GetRelativePath(Run, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        damage(copy);
        var run = CommandRun.In(place.Folder, null, "sample", copy.Root);
        Assert.That((run.Code, run.Output), Is.EqualTo((2, "")), run.Error);
        Assert.That(run.Error, Does.Not.Contain("Unexpected").And.Not.Contain("   at "));
        return run.Error.Replace(copy.Root + Path.DirectorySeparatorChar, "RUN/", StringComparison.Ordinal);
    }

    [Test]
    public void ADamagedRunIsBadInput()
    {
        var (tensors, state) = ($"checkpoints/{Only.Name}.safetensors", $"checkpoints/{Only.Name}.json");
        void Cut(RunFolder run, string name)
        {
            var file = Path.Combine(run.Root, name);
            File.WriteAllBytes(file, File.ReadAllBytes(file)[..^10]);
        }
        Assert.That(Damaged(run => Directory.Delete(run.Checkpoints, recursive: true)),
            Is.EqualTo("RUN/checkpoints: has no checkpoint; the run ended before its first.\n"));
        Assert.That(Damaged(run => Cut(run, tensors)),
            Is.EqualTo($"RUN/{tensors}: does not have the checksum that {Only.Name}.sha256 names; it is damaged.\n"));
        Assert.That(Damaged(run => File.Delete(Path.Combine(run.Root, tensors))), Is.EqualTo($"RUN/{tensors}: The file does not exist.\n"));
        Assert.That(Damaged(run => Cut(run, state)),
            Does.StartWith($"RUN/{state}: does not have the checksum that {Only.Name}.sha256 names; it is damaged."));
        Assert.That(Damaged(run => File.WriteAllText(run.Vocabulary, "{}")),
            Does.StartWith("RUN/vocabulary.json: is not a JSON array of strings ("));
        Assert.That(Damaged(run => File.WriteAllText(run.Vocabulary, """["a","b","c"]""")),
            Does.Contain("where \"<end>\", \"<unk>\" and at least one word are expected."));
        Assert.That(Damaged(run => File.WriteAllText(run.Config, "{")), Does.StartWith("RUN/config.json"));
        Assert.That(Damaged(run => File.WriteAllText(run.Config, "")), Does.StartWith("RUN/config.json"));
        Assert.That(Damaged(run =>
        {
            var config = JsonNode.Parse(File.ReadAllText(run.Config))!;
            config["generator"]!["hidden"] = 9;
            File.WriteAllText(run.Config, config.ToJsonString());
        }), Does.Match($"^RUN/{tensors.Replace(".", "\\.", StringComparison.Ordinal)}: does not fit the generator of config\\.json: the " +
            $"weight '.+' is \\[.+\\] where the model has \\[.+\\]\\.\n$"));
    }

    /// <summary>A control character in a vocabulary must not reach the terminal.</summary>
    [Test]
    public void TextsAreSafeToShow()
    {
        var file = new RunFolder(Run).Vocabulary;
        var good = File.ReadAllText(file);
        try
        {
            File.WriteAllText(file, good.Replace("\"cat\"", "\"c\\u001b[2Jt\"", StringComparison.Ordinal));
            Assert.That(string.Join('\n', Texts("-n", "100")), Does.Not.Contain('\u001b').And.Contain("c\\u001b[2Jt"));
        }
        finally
        {
            File.WriteAllText(file, good);
        }
    }
}
