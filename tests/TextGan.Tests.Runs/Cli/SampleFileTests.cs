using System.Text.Json.Nodes;
using TextGan.Data;

namespace TextGan.Tests.Cli;

/// <summary>Texts that are drawn into a file, from a small run and from a model's folder.</summary>
public sealed class SampleFileTests
{
    static Workplace place = null!;

    [OneTimeSetUp]
    public void Train()
    {
        place = new Workplace();
        var run = CommandRun.In(place.Folder, null, "run", "--only", "first", "--quiet");
        Assert.That(run.Code, Is.Zero, run.Error);
    }

    [OneTimeTearDown]
    public void CleanUp() => place.Dispose();

    static CommandRun Do(params string[] arguments) => CommandRun.In(place.Folder, null, arguments);

    static JsonNode[] Lines(string file) => [.. File.ReadAllLines(place.At(file)).Select(line => JsonNode.Parse(line)!)];

    [Test]
    public void The_file_has_the_texts_of_the_output_and_what_is_known_of_them()
    {
        var drawn = Do("sample", "runs/first/1", "-n", "70", "-o", "a/drawn.jsonl");
        Assert.That(drawn, Is.EqualTo(new CommandRun(0, $"{place.At("a", "drawn.jsonl")} has 70 texts\n", "")));
        var lines = Lines("a/drawn.jsonl");
        var texts = Do("sample", "runs/first/1", "-n", "70").Output[..^1].Split('\n');
        Assert.That(lines.Select(line => (string?)line["text"]), Is.EqualTo(texts));
        Assert.That(lines.Select(line => line["prompt"]), Is.All.Null);
        Assert.That(lines.Select(line => (int)line["tokens"]!),
            Is.EqualTo(texts.Select(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length)));
        Assert.That(lines.Select(line => (bool)line["ended"]!), Is.EqualTo(texts.Select(text => text.Split(' ').Length < 6)));
        Assert.That(Directory.EnumerateFiles(place.At("a")).Count(), Is.EqualTo(1), "no temporary file is left");
        // Independent: the likelihood by teacher forcing.
        var scored = Do("score", "runs/first/1", "a/drawn.jsonl").Output[..^1].Split('\n').Select(SampleLine.Parse).ToArray();
        for (var i = 0; i < lines.Length; i++)
            Assert.That(-scored[i].Nll!.Value * (scored[i].Tokens + (scored[i].Ended ? 1 : 0)),
                Is.EqualTo((double)lines[i]["logProbability"]!).Within(1e-3), texts[i]);
    }

    [Test]
    public void A_data_set_reads_the_file_and_prompts_come_from_it()
    {
        Assert.That(Do("sample", "runs/first/1", "-p", "the dog", "-n", "40", "-o", "prompted.jsonl").Code, Is.Zero);
        var options = new TextDataOptions { Path = place.At("prompted.jsonl"), Format = TextFormat.JsonLines };
        var data = options.Load(new DataContext("drawn", place.Folder, 6));
        string[] texts = [.. Lines("prompted.jsonl").Select(line => (string)line["text"]!).Where(text => text.Length > 0)];
        Assert.That(data.Train.Texts, Is.EqualTo(texts), "empty texts are of no use");
        Assert.That(data.Train.Prompts, Is.EqualTo(texts.Select(_ => "the dog")));
        Assert.That(Do("sample", "runs/first/1", "--prompts", "prompted.jsonl", "-t", "0").Output, Does.StartWith("{\"text\":"));
    }

    [Test]
    public void A_file_of_that_name_is_replaced_by_a_whole_one_only()
    {
        File.WriteAllText(place.At("old.jsonl"), "old");
        File.WriteAllText(place.At("bad.txt"), "the\nzebra\n");
        Assert.That(Do("sample", "runs/first/1", "--prompts", "bad.txt", "-o", "old.jsonl").Code, Is.EqualTo(2));
        Assert.That(File.ReadAllText(place.At("old.jsonl")), Is.EqualTo("old"));
        Assert.That(Do("sample", "runs/first/1", "-n", "1", "-o", "old.jsonl").Code, Is.Zero);
        Assert.That(Lines("old.jsonl"), Has.Length.EqualTo(1));
    }

    [TestCase("INT", 130)]
    [TestCase("TERM", 143)]
    [Platform(Exclude = "Win")]
    public void A_signal_leaves_nothing(string signal, int code)
    {
        File.WriteAllText(place.At("kept.jsonl"), "old");
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "textgan-cli.dll"), "sample", "runs/first/1", "-n", "10000000", "-o", "kept.jsonl"])
        {
            WorkingDirectory = place.Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        Assert.That(() => Directory.EnumerateFiles(place.Folder, ".kept.jsonl.*.tmp").Any(), Is.True.After(30_000, 20));
        using (var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}", $"{process.Id}"])) kill.WaitForExit();
        Assert.That(process.WaitForExit(30_000), Is.True);
        Assert.That(process.ExitCode, Is.EqualTo(code));
        Assert.That(File.ReadAllText(place.At("kept.jsonl")), Is.EqualTo("old"));
        Assert.That(Directory.EnumerateFiles(place.Folder, ".kept.jsonl.*"), Is.Empty);
    }

    [TestCase("-o|runs", "--output: 'runs' is a folder; name a file.\n")]
    [TestCase("-o|", "--output: the name of the file is empty.\n")]
    public void What_cannot_be_written_is_said_before_anything_is_drawn(string arguments, string message) =>
        Assert.That(Do(["sample", "runs/first/1", .. arguments.Split('|')]), Is.EqualTo(new CommandRun(2, "", message)));

    [Test]
    public void A_model_of_a_folder_writes_with_its_own_tokenizer()
    {
        if (SharedData.Find("models/stories260k") is not { } model)
        {
            Assert.Ignore("no stories260k here");
            return;
        }
        const string Beginning = "Once upon a time, there was a little girl named Lily. She loved to play outside in the park.";
        var greedy = Do("sample", model, "-t", "0", "-n", "1", "--length", "60");
        Assert.That((greedy.Code, greedy.Error), Is.EqualTo((0, "")));
        Assert.That(greedy.Output, Does.StartWith(Beginning));
        Assert.That(Do("sample", model, "-n", "3", "--length", "40", "-p", "One day, a dog", "-o", "model.jsonl").Code, Is.Zero);
        Assert.That(Lines("model.jsonl").Select(line => (string?)line["prompt"]), Is.EqualTo(Enumerable.Repeat("One day, a dog", 3)));
        Assert.That(Do("sample", model, "--length", "1000000"),
            Is.EqualTo(new CommandRun(2, "", "--length: is 1000000; the model reads at most 512 tokens.\n")));
        Assert.That(Do("sample", model, "--checkpoint", "best").Error,
            Is.EqualTo($"--checkpoint: names a checkpoint of a run, but {model} holds a model; leave it out.\n"));
    }
}
