using System.Text.Json;
using System.Text.Json.Nodes;

namespace TextGan.Tests.Cli;

/// <summary>The experiment that is written for a person's own file: it fits the file, is valid, and trains.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InitCommandTests : IDisposable
{
    readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    CommandRun Run(params string[] arguments) => CommandRun.In(place.Folder, null, arguments);

    static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    JsonNode Written(string file = "experiment.json") => JsonNode.Parse(File.ReadAllText(place.At(file)), documentOptions: Lenient)!;

    string Write(string name, IEnumerable<string> lines)
    {
        File.WriteAllLines(place.At(name), lines);
        return name;
    }

    /// <summary>200 sentences of 5 or 6 words and a full stop, which is a token of its own.</summary>
    static IEnumerable<string> Sentences => Enumerable.Range(0, 200).Select(i =>
        $"the {(i % 2 == 0 ? "small" : "old")} {(i % 3 == 0 ? "dog" : "cat")} sat on mat{(i % 40 == 0 ? "s" : "")} {i % 11}"
            .Replace(" 0", "") + ".");

    /// <summary>It validates, and trains with few updates.</summary>
    void Trains(string file = "experiment.json")
    {
        var valid = Run("validate", file);
        Assert.That(valid.Code, Is.Zero, valid.Error);
        var run = Run("run", file, "--set", "training.iterations=2", "--set", "training.batch=4", "--set", "pretraining.epochs=1", "--set",
            "evaluation.samples=10", "--set", "evaluation.every=1", "--set", "generator.hidden=8", "--set", "threads=1", "--quiet");
        Assert.That(run.Code, Is.Zero, run.Error);
        Assert.That(run.Output, Does.Contain("2 runs finished").And.Contain("-control (control: constant reward): "));
    }

    [Test]
    public void Sentences_get_words_and_one_judge()
    {
        var run = Run("init", Write("my sentences.txt", Sentences));
        Assert.That(run, Is.EqualTo(new CommandRun(0, $"Wrote {place.At("experiment.json")} for 200 texts. Next: textgan run " +
            $"{place.At("experiment.json")}\n", "")));
        var defaults = Written()["defaults"]!;
        Assert.That(defaults["data"]!.ToJsonString(),
            Is.EqualTo("""{"texts":{"kind":"text","path":"my sentences.txt","heldOut":0.1}}"""));
        // the small old dog cat sat on mat mats . and the numbers 1 to 10, all of them there twice or more; two special tokens
        Assert.That(defaults["tokenizer"]!.ToJsonString(), Is.EqualTo("""{"kind":"word","splitPunctuation":true,"vocabulary":22}"""));
        // 182 sentences have 6 words, a number and the full stop: 8 tokens, and an end; 18 have no number
        Assert.That((int)defaults["length"]!, Is.EqualTo(9));
        Assert.That((int)defaults["pretraining"]!["batch"]!, Is.EqualTo(16), "8 updates an epoch or more");
        Assert.That((int)defaults["pretraining"]!["epochs"]!, Is.EqualTo(30));
        Assert.That(Written()["experiments"]!.AsArray().Select(one => (string?)one!["name"]),
            Is.EqualTo(new[] { "my-sentences", "my-sentences-control" }));
        Assert.That(File.ReadAllText(place.At("experiment.json")), Does.Contain("// In tokens, with the end token: all texts fit."));
        Trains();
    }

    [Test]
    public void Pairs_get_two_judges()
    {
        Write("pairs.jsonl", Sentences.Select((text, i) => JsonSerializer.Serialize(
            new { prompt = "What?", chosen = text, rejected = $"no {i % 7}" })));
        Assert.That(Run("init", "pairs.jsonl", "-o", "sub/pairs.json", "--quiet"), Is.EqualTo(new CommandRun(0, "", "")));
        var written = Written("sub/pairs.json");
        Assert.That((string?)written["defaults"]!["data"]!["pairs"]!["path"], Is.EqualTo("../pairs.jsonl"));
        Assert.That(written["experiments"]![0]!["discriminators"]!.AsArray().Select(one => (string?)one!["name"]),
            Is.EqualTo(new[] { "real", "preferred" }));
        Assert.That(File.ReadAllText(place.At("sub", "pairs.json")), Does.Contain("// 200 texts answer a prompt."));
        Trains("sub/pairs.json");
    }

    [Test]
    public void Json_lines_and_a_script_without_blanks_are_seen()
    {
        Write("漢字.jsonl", Enumerable.Range(0, 60).Select(i => JsonSerializer.Serialize(
            new { text = $"猫は{(char)('一' + i % 5)}匹で庭にいる" })));
        Assert.That(Run("init", "漢字.jsonl").Code, Is.Zero);
        var defaults = Written()["defaults"]!;
        Assert.That((string?)defaults["data"]!["texts"]!["format"], Is.EqualTo("json-lines"));
        Assert.That((string?)defaults["tokenizer"]!["kind"], Is.EqualTo("character"));
        Assert.That((string?)Written()["experiments"]![0]!["name"], Is.EqualTo("experiment"), "these letters are not for names");
        Assert.That(File.ReadAllText(place.At("experiment.json")), Does.Contain("55 of them equal to an earlier one").And
            .Contain("Many texts are there twice"));
        Trains();
    }

    [Test]
    public void Lists_of_single_words_get_characters()
    {
        Write("con.txt", Enumerable.Range(0, 300).Select(i => $"name{(char)('a' + i % 26)}{(char)('a' + i / 26)}"));
        var run = Run("init", "con.txt", "--json");
        Assert.That(JsonNode.Parse(run.Output)!["texts"]!.GetValue<int>(), Is.EqualTo(300));
        Assert.That((string?)Written()["defaults"]!["tokenizer"]!["kind"], Is.EqualTo("character"));
        Assert.That((string?)Written()["experiments"]![0]!["name"], Is.EqualTo("experiment"), "Windows has no folder 'con'");
    }

    [Test]
    public void Long_texts_are_cut_at_the_quantile_or_at_the_limit()
    {
        Write("long.txt", Enumerable.Range(1, 100).Select(i => string.Join(' ', Enumerable.Repeat("word", i))));
        Assert.That(Run("init", "long.txt").Code, Is.Zero);
        Assert.That((int)Written()["defaults"]!["length"]!, Is.EqualTo(96), "95 words, and an end");
        Write("longer.txt", Enumerable.Range(1, 100).Select(i => string.Join(' ', Enumerable.Repeat("word", 3 * i))));
        Assert.That(Run("init", "longer.txt", "--force").Code, Is.Zero);
        Assert.That((int)Written()["defaults"]!["length"]!, Is.EqualTo(128));
    }

    [Test]
    public void Nothing_is_overwritten_without_force()
    {
        Write("sentences.txt", Sentences);
        File.WriteAllText(place.At("experiment.json"), "mine");
        Assert.That(Run("init", "sentences.txt"),
            Is.EqualTo(new CommandRun(2, "", "--output: 'experiment.json' exists; --force overwrites it.\n")));
        Assert.That(File.ReadAllText(place.At("experiment.json")), Is.EqualTo("mine"));
        Assert.That(Run("init", "sentences.txt", "--force").Code, Is.Zero);
        Assert.That(File.ReadAllText(place.At("experiment.json")), Does.StartWith("{"));
    }

    [Test]
    public void The_texts_themselves_are_never_overwritten()
    {
        var run = Run("init", Write("mine.txt", Sentences), "-o", "mine.txt", "--force");
        Assert.That(run, Is.EqualTo(new CommandRun(2, "", "--output: 'mine.txt' is the file of texts; name another file.\n")));
        Assert.That(File.ReadLines(place.At("mine.txt")).First(), Is.EqualTo(Sentences.First()));
    }

    [TestCase(0, false)]
    [TestCase(1, true)]
    public void Duplicates_are_told_of_where_there_are_some(int duplicates, bool told)
    {
        var texts = Enumerable.Range(0, 30 - duplicates).Select(i => $"number {i} is one of a few");
        Run("init", Write("few.txt", texts.Concat(Enumerable.Repeat("number 0 is one of a few", duplicates))));
        Assert.That(File.ReadAllText(place.At("experiment.json")).Contains("there twice", StringComparison.Ordinal), Is.EqualTo(told));
    }

    [Test]
    public void What_cannot_be_read_is_said_and_nothing_written()
    {
        Write("few.txt", ["one text", "two texts"]);
        File.WriteAllText(place.At("bad.jsonl"), "{\"chosen\":\"a\",\"rejected\":\"b\"}\n{\"chosen\":\"a\"}\n");
        Assert.That(Run("init", "few.txt").Error, Is.EqualTo($"{place.At("few.txt")}: has 2 texts; at least 20 are needed.\n"));
        Assert.That(Run("init", "bad.jsonl").Error, Does.StartWith($"{place.At("bad.jsonl")}:2: "));
        Assert.That(Run("init", "nowhere.txt"), Is.EqualTo(new CommandRun(2, "", "nowhere.txt: does not exist.\n")));
        Assert.That(Run("init", ".").Error, Is.EqualTo(".: is a folder; name a file of texts.\n"));
        Assert.That(File.Exists(place.At("experiment.json")), Is.False);
    }

    [Test]
    public void The_schema_is_named_where_there_is_one()
    {
        Write("sentences.txt", Sentences);
        File.WriteAllText(place.At("textgan.schema.json"), "{}");
        Assert.That(Run("init", "sentences.txt").Code, Is.Zero);
        Assert.That((string?)Written()["$schema"], Is.EqualTo("textgan.schema.json"));
        Assert.That(Run("validate", "experiment.json").Code, Is.Zero);
    }
}
