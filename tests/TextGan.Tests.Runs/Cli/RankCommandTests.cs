using System.Text.Json.Nodes;
using TextGan.Cli;

namespace TextGan.Tests.Cli;

/// <summary>Texts ranked by two small runs, of 1 and of 60 epochs, that learn "the cat sat" and "the dog sat".</summary>
public sealed class RankCommandTests
{
    const string Trained = "long/first/1";

    static Workplace place = null!;

    [OneTimeSetUp]
    public void Train()
    {
        place = new Workplace();
        foreach (var (folder, epochs) in ((string, int)[])[("runs", 1), ("long", 60)])
        {
            var run = CommandRun.In(place.Folder, null, "run", "--only", "first", "--quiet", "--runs", folder,
                "--set", $"pretraining.epochs={epochs}", "--set", "pretraining.optimizer={\"kind\":\"adam\",\"learningRate\":0.03}");
            Assert.That(run.Code, Is.Zero, run.Error);
        }
        File.WriteAllText(place.At("texts.txt"), "sat cat the\nthe cat sat\n\nthe the\nthe cat sat\n");
    }

    [OneTimeTearDown]
    public void CleanUp() => place.Dispose();

    static CommandRun Rank(params string[] arguments) => CommandRun.In(place.Folder, null, ["rank", .. arguments]);

    static JsonNode[] Ranked(params string[] arguments)
    {
        var run = Rank([.. arguments, "-o", "ranked.jsonl"]);
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        return [.. File.ReadAllLines(place.At("ranked.jsonl")).Select(line => JsonNode.Parse(line)!)];
    }

    static double Score(JsonNode line, string model = Trained) => (double)line["scores"]![model]!;

    [Test]
    public void The_best_text_comes_first_and_equal_ones_share_their_rank()
    {
        var lines = Ranked("texts.txt", "--model", Trained);
        Assert.That(lines.Select(line => (double)line["rank"]!), Is.EqualTo(new[] { 1.5, 1.5, 3, 4 }));
        Assert.That(lines.Take(2).Select(line => (string?)line["text"]), Is.All.EqualTo("the cat sat"));
        Assert.That(lines.Select(line => Score(line)), Is.Ordered.Descending);
        // Independent: the command that scores.
        var scores = CommandRun.In(place.Folder, null, "score", Trained, "texts.txt").Output[..^1].Split('\n').Select(SampleLine.Parse)
            .Where(line => line.Text.Length > 0).Select(line => -line.Nll!.Value).OrderDescending();
        Assert.That(lines.Select(line => Score(line)), Is.EqualTo(scores).Within(1e-5));
    }

    [Test]
    public void Equal_texts_share_their_rank_whatever_stands_between_them()
    {
        if (SharedData.Find("models/stories260k") is not { } model) { Assert.Ignore("The model stories260k is not there."); return; }
        var (cat, dog) = ("Once upon a time, there was a cat", "Once upon a time, there was a dog");
        File.WriteAllLines(place.At("three.txt"), [cat, dog, cat]);
        Assert.That(Ranked("three.txt", "-m", model).Select(line => (double)line["rank"]!), Is.EqualTo(new[] { 1, 2.5, 2.5 }));
    }

    [Test]
    public void The_sum_counts_every_token_and_the_end_can_be_left_out()
    {
        double Of(params string[] options) => Score(Ranked(["texts.txt", "-m", Trained, .. options])
            .First(line => (string?)line["text"] == "the cat sat"));
        var (mean, sum, meanWithout, sumWithout) = (Of(), Of("--sum"), Of("--without-end"), Of("--sum", "--without-end"));
        Assert.That(sum, Is.EqualTo(4 * mean).Within(1e-5), "three words and the end");
        Assert.That(sumWithout, Is.EqualTo(3 * meanWithout).Within(1e-5));
        Assert.That(sumWithout, Is.GreaterThan(sum));
    }

    [Test]
    public void A_table_shows_the_first_ones_and_how_far_the_models_agree()
    {
        var run = Rank("texts.txt", "--model", Trained, "--model", "runs/first/1", "--top", "2");
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        var lines = run.Output.Split('\n');
        Assert.That(lines[0], Does.Match("^rank +long/first/1 +runs/first/1 +rank +text$"));
        Assert.That(lines[1], Does.Match(@"^1\.5 +-[\d.]+ +-[\d.]+ +[\d.]+ +the cat sat$"));
        Assert.That(lines[3], Is.EqualTo("... and 2 further texts"));
        Assert.That(lines[5], Does.Match("^Spearman's rank correlation +r +95% interval +texts$"));
        Assert.That(lines[6], Does.Match(@"^long/first/1 +runs/first/1 +-?[\d.]+ +-?[\d.]+ to -?[\d.]+ +4$"));
    }

    [Test]
    public void The_standard_input_is_read_and_a_table_is_written()
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal(output, error, new ManualTime(), place.Folder)
        {
            Input = () => new MemoryStream("{\"text\":\"cat sat\",\"prompt\":\"the\"}\n{\"text\":\"the cat, \\\"sat\\\"\"}\n"u8.ToArray()),
        };
        Assert.That(Application.Run(["rank", "-", "--json", "-m", Trained, "-o", "t.csv"], terminal), Is.Zero, error.ToString());
        Assert.That(output.ToString(), Does.Contain("the → cat sat"));
        var rows = File.ReadAllLines(place.At("t.csv"));
        Assert.That(rows[0], Is.EqualTo($"rank,text,prompt,score {Trained},rank {Trained}"));
        Assert.That(rows[1], Does.Match("^1,cat sat,the,-[0-9.E-]+,1$"));
        Assert.That(rows[2], Does.StartWith("2,\"the cat, \"\"sat\"\"\",,"));
    }

    [Test]
    public void Cut_texts_are_warned_of()
    {
        File.WriteAllText(place.At("long.txt"), "the cat sat the cat sat the\nthe\n");
        Assert.That(Rank("long.txt", "-m", Trained).Error, Is.EqualTo(
            $"warning: {Trained} reads 6 tokens: 1 text is cut, or without an end\n"));
    }

    [TestCase("texts.txt", "Option '--model' is required.\nSee 'textgan rank --help'.\n")]
    [TestCase("texts.txt -m long/first/1 -m ./long/first/1", "--model: 'long/first/1' is given twice.\n")]
    [TestCase("texts.txt -m long/first/1 --top -1", "--top: -1 is out of range; 0 or more is allowed.\n")]
    [TestCase("none.txt -m long/first/1", "PLACE/none.txt: The file does not exist.\n")]
    [TestCase("empty.txt -m long/first/1", "empty.txt: There is no text to rank.\n")]
    [TestCase("empty.jsonl -m long/first/1 --without-end", "PLACE/empty.jsonl:1: The text has no token that could be scored.\n")]
    [TestCase("bad.jsonl -m long/first/1", "PLACE/bad.jsonl:1: The line is not a JSON object with 'text' and, optionally, 'prompt': " +
        "it has no 'text'.\n")]
    [TestCase("texts.txt -m empty.txt", "PLACE/empty.txt: is neither a run folder nor a model's: it has no config.json. Name a folder " +
        "such as runs/EXPERIMENT/SEED, or one in Hugging Face's layout.\n")]
    public void Bad_input_is_named_and_nothing_is_written(string arguments, string message)
    {
        File.WriteAllText(place.At("empty.txt"), "\n  \n");
        File.WriteAllText(place.At("empty.jsonl"), "{\"text\":\"\"}\n");
        File.WriteAllText(place.At("bad.jsonl"), "{\"txt\":\"\"}\n");
        var run = Rank([.. arguments.Split(' '), "-o", "half.jsonl"]);
        Assert.That(run with { Error = run.Error.Replace(place.Folder, "PLACE") }, Is.EqualTo(new CommandRun(2, "", message)));
        Assert.That(File.Exists(place.At("half.jsonl")), Is.False);
    }

    [Test]
    public void A_model_of_a_folder_with_its_own_tokenizer_ranks_beside_a_run()
    {
        if (SharedData.Find("models/stories260k") is not { } model)
        {
            Assert.Ignore("no stories260k here");
            return;
        }
        File.WriteAllText(place.At("english.txt"), "the dog sat\nsat dog the\nthe cat sat\n");
        var lines = Ranked("english.txt", "-m", model, "-m", Trained);
        Assert.That((string?)lines[^1]["text"], Is.EqualTo("sat dog the"));
        Assert.That(Score(lines[0], model), Is.LessThan(0));
    }
}
