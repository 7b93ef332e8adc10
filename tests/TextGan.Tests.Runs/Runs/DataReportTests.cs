using System.Text.Json.Nodes;
using TextGan.Data;
using TextGan.Experiments.Reading;
using TextGan.Runs;
using TextGan.Storage;
using TextGan.Tests.Cli;
using TextGan.Tests.Tokenization;
using TextGan.Training;
using TextGan.Tests.Experiments;

namespace TextGan.Tests.Runs;

/// <summary>What is said about data when they are loaded.</summary>
public sealed class DataReportTests
{
    /// <summary>
    /// Loads the materials of a changed <see cref="ExperimentFolder.Valid"/> and gives what was said of data and tokenizer beside their
    /// sizes.
    /// </summary>
    static string[] Said(ExperimentFolder folder, Action<JsonObject> change)
    {
        var messages = new List<string>();
        var experiment = folder.One(ExperimentFolder.Changed(change).ToJsonString());
        Materials.Load(experiment.Options, experiment.BaseFolder, messages.Add).Dispose();
        return [.. messages.Skip(experiment.Options.Data.Count + 1)];
    }

    static void Only(JsonObject experiment, string data, int length, string tokenizer = """{ "kind": "word" }""")
    {
        experiment["data"] = JsonNode.Parse(data);
        experiment["length"] = length;
        experiment["tokenizer"] = JsonNode.Parse(tokenizer);
        foreach (var key in (string[])["pretraining", "discriminators", "regularizers", "combiner", "evaluation"]) experiment.Remove(key);
    }

    static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);

    static string Words(int count) => string.Join(' ', Enumerable.Repeat("a", count));

    [TestCase(false), TestCase(true)]
    public void Cut_texts_are_counted_and_a_text_that_just_fits_is_not_cut(bool stream)
    {
        using var folder = new ExperimentFolder();
        folder.Write("t", Lines([.. Enumerable.Repeat(Words(3), 197), Words(4), Words(4), Words(5)]));
        folder.Write("h", Lines([Words(7), Words(2)]));
        var data = $$"""{ "news": { "kind": "text", "path": "t", "stream": {{(stream ? "true" : "false")}} } }""";
        Assert.That(Said(folder, experiment => Only(experiment, data, 5)),
            Is.EqualTo(new[] { "data 'news': 1 of 200 texts has exactly 5 tokens: nothing is cut, but there is no room for an end" }));
        Assert.That(Said(folder, experiment => Only(experiment, data, 4)),
            Is.EqualTo(new[] { "data 'news': 1 of 200 texts is longer than 4 tokens and is cut; a cut text has no end, nor have 2 of " +
                "exactly 4 tokens" }));
        Assert.That(Said(folder, experiment => Only(experiment, data, 6)), Is.Empty);
        folder.Write("t", Lines([.. Enumerable.Repeat(Words(3), 198), Words(5), Words(6)]));
        Assert.That(Said(folder, experiment => Only(experiment, data.Replace("\"path\"", "\"heldOutPath\": \"h\", \"path\""), 4)),
            Is.EqualTo(new[] { "warning: data 'news': 2 of 200 texts and 1 of 2 held-out texts are longer than 4 tokens and are cut; a " +
                "cut text has no end" }), "from one in a hundred");
    }

    [Test]
    public void Texts_without_tokens_are_counted()
    {
        using var folder = new ExperimentFolder();
        File.WriteAllBytes(folder["m"], SentencePieceModel.Bytes("bpe"));
        folder.Write("t", Lines([.. Enumerable.Repeat("the cat", 199), "\u200b"]));
        Assert.That(Said(folder, experiment => Only(experiment, """{ "news": { "kind": "text", "path": "t" } }""", 9,
            """{ "kind": "sentencepiece", "model": "m" }""")),
            Is.EqualTo(new[] { "data 'news': 1 of 200 texts has no token (empty, or only what the tokenizer removes)" }));
    }

    [Test]
    public void Each_side_of_pairs_is_counted()
    {
        using var folder = new ExperimentFolder();
        folder.Write("p", Lines(["""{"chosen":"a b c","rejected":"b"}""", """{"chosen":"a","rejected":"b c a b"}""",
            """{"chosen":"c","rejected":"a b c"}"""]));
        Assert.That(Said(folder, experiment => Only(experiment, """{ "pairs": { "kind": "preferences", "path": "p" } }""", 2)),
            Is.EqualTo(new[] { "warning: data 'pairs': 1 of 3 chosen texts and 2 of 3 rejected texts are longer than 2 tokens and are " +
                "cut; a cut text has no end" }));
    }

    [TestCase(false), TestCase(true)]
    public void Pairs_that_are_equal_after_encoding_are_passed_over_and_counted(bool stream)
    {
        using var folder = new ExperimentFolder();
        // "a b" and "a c" are one where the vocabulary has only a.
        folder.Write("p", Lines([.. Enumerable.Repeat("""{"chosen":"a","rejected":"a a"}""", 198),
            """{"chosen":"a b","rejected":"a c"}""", """{"chosen":"a a a b","rejected":"a a a"}"""]));
        var data = $$"""{ "pairs": { "kind": "preferences", "path": "p", "stream": {{(stream ? "true" : "false")}} } }""";
        var said = Said(folder, experiment => Only(experiment, data, 3, """{ "kind": "word", "vocabulary": 3 }"""));
        Assert.That(said, Has.Some.EqualTo(
            "warning: data 'pairs': 2 of 200 pairs are equal after encoding (cut, or of unknown words) and are skipped"));
    }

    /// <summary>Ten tokens are learnt, the two special ones included; z and y stand behind the third place alone.</summary>
    [Test]
    public void Vocabulary_of_text_that_is_cut_away_is_told()
    {
        using var folder = new ExperimentFolder();
        folder.Write("t", Lines([.. Enumerable.Repeat("a b c", 300), "d e f z", "g h a y z"]));
        var data = """{ "news": { "kind": "text", "path": "t" } }""";
        Assert.That(Said(folder, experiment => Only(experiment, data, 3)),
            Has.Some.EqualTo("warning: tokenizer: 2 of 12 tokens of the vocabulary occur only in text that is cut away"));
        Assert.That(Said(folder, experiment => Only(experiment, data, 5)), Has.None.Contains("vocabulary"));
    }

    [Test]
    public void Unknown_tokens_are_counted_where_rows_have_them()
    {
        using var folder = new ExperimentFolder();
        folder.Write("t", Lines([.. Enumerable.Repeat("a a", 24), "a b x x x"]));
        folder.Write("h", Lines(["a x", "a a"]));
        var data = """{ "news": { "kind": "text", "path": "t", "heldOutPath": "h" } }""";
        // Of 50 tokens that are left at two a row one is unknown, b; of the held-out ones x.
        Assert.That(Said(folder, experiment => Only(experiment, data, 2, """{ "kind": "word", "vocabulary": 3 }""")),
            Has.Some.EqualTo("warning: data 'news': 1 of 50 tokens (2.0%) and 1 of 4 held-out tokens (25.0%) are unknown: the vocabulary " +
                "does not have them"));
        folder.Write("h", "a a");
        Assert.That(Said(folder, experiment => Only(experiment, data, 2, """{ "kind": "word", "vocabulary": 3 }""")),
            Has.Some.EqualTo("data 'news': 1 of 50 tokens (2.0%) is unknown: the vocabulary does not have it"));
    }

    [TestCase(false), TestCase(true)]
    public void Held_out_texts_that_are_training_texts_are_told(bool stream)
    {
        using var folder = new ExperimentFolder();
        folder.Write("t", Lines(Enumerable.Range(0, 300).Select(i => $"w{i}")));
        folder.Write("h", Lines([.. Enumerable.Range(298, 198).Select(i => $"w{i}"), "w298", "v"]));
        folder.Write("p", """{"chosen":"w5","rejected":"w400"}""");
        folder.Write("q", Lines(["""{"chosen":"w5","rejected":"u"}""", """{"chosen":"w6","rejected":"w7 w7"}"""]));
        var streamed = stream ? "true" : "false";
        var data = $$"""
            {
              "pairs": { "kind": "preferences", "path": "p", "heldOutPath": "q", "stream": {{streamed}} },
              "news": { "kind": "text", "path": "t", "heldOutPath": "h", "stream": {{streamed}} }
            }
            """;
        Assert.That(Said(folder, experiment => Only(experiment, data, 9)).Where(line => line.Contains("also", StringComparison.Ordinal)),
            Is.EqualTo(new[]
        {
            "warning: data 'pairs': 1 of 4 held-out texts is also a training text",
            "data 'news': 1 of 200 held-out texts is also a training text of 'pairs'",
            "warning: data 'pairs': 2 of 4 held-out texts are also training texts of 'news'",
            "warning: data 'news': 3 of 200 held-out texts are also training texts",
        }), "w298 is held out twice; a rejected text is a training text like any other");
    }

    [Test]
    public void Sets_that_the_program_draws_are_not_warned_about()
    {
        using var run = new SmallRun();
        var experiment = run.Read("length=4", "tokenizer.vocabulary=9");
        var said = new List<string>();
        using var materials = Materials.Load(experiment.Options, experiment.BaseFolder, said.Add);
        Assert.That(said.Skip(3), Has.None.StartsWith("warning").And.None.Contains("cut away").And.None.Contains("held-out texts")
            .And.None.Contains("unknown:"));
        var counts = materials.Report.Sets["text"];
        Assert.That((counts.Train.Texts.Count, counts.Train.Texts.Cut, counts.HeldOut.Texts.Cut), Is.EqualTo((200, 200, 20)),
            "and yet counted");
        Assert.That(counts.Train.Texts.Unknown, Is.Positive);
    }

    [Test]
    public void Warnings_are_told_apart_and_stand_in_the_run_folder()
    {
        using var run = new SmallRun();
        File.WriteAllText(Path.Combine(run.Folder, "t.txt"), Lines(["a b", "c d e f g", "a a"]));
        var observer = new SilentObserver();
        var result = run.Run(observer, default, "data={\"text\":{\"kind\":\"text\",\"path\":\"t.txt\"}}", "length=4", "discriminators=[]",
            "evaluation.metrics=[]").Single();
        const string cut = "data 'text': 1 of 3 texts is longer than 4 tokens and is cut; a cut text has no end";
        Assert.That(observer.Messages, Has.One.EqualTo("warning: " + cut));
        var stored = JsonNode.Parse(File.ReadAllText(new RunFolder(result.Folder).Data))!;
        Assert.That((stored["findings"]![0]!["isWarning"]!.GetValue<bool>(), stored["findings"]![0]!["text"]!.ToString()),
            Is.EqualTo((true, cut)));
        Assert.That(stored["sets"]!["text"]!["train"]!["texts"]!.ToJsonString(),
            Is.EqualTo("""{"count":3,"empty":0,"cut":1,"full":0,"tokens":8,"unknown":0}"""));
    }

    const string Pairs = """{"chosen":"a b c","rejected":"a b d"}""";

    const string Refusal =
        "$.data.pairs: after encoding, the chosen and the rejected text are equal in all 2 pairs of 'pairs' (rows of 2 tokens, a " +
        "vocabulary of 6): there is nothing to learn for discriminator 'better'. A larger 'length' or vocabulary may tell them apart.";

    static void Equal(JsonObject experiment)
    {
        experiment["length"] = 2;
        experiment["discriminators"]![0]!["widths"] = new JsonArray(2);
    }

    [Test]
    public void A_discriminator_whose_pairs_are_all_equal_is_rejected()
    {
        using var folder = new ExperimentFolder();
        folder.Write("pairs.jsonl", Lines([Pairs, Pairs]));
        Assert.That(folder.Problems(() => Said(folder, Equal)), Is.EqualTo(new[] { Refusal }));
        folder.Write("pairs.jsonl", Lines([Pairs, """{"chosen":"b","rejected":"c"}"""]));
        Assert.That(Said(folder, Equal), Has.Some.Contains("1 of 2 pairs is equal"), "one pair is enough");
    }

    [Test]
    public void So_is_one_that_shares_the_data_with_an_experiment_that_does_not_mind()
    {
        using var folder = new ExperimentFolder();
        folder.Write("pairs.jsonl", Lines([Pairs, Pairs]));
        var hashes = new ContentHashes();
        var minds = RunFingerprint.Of(folder.One(ExperimentFolder.Changed(Equal).ToJsonString()), hashes);
        var first = RunFingerprint.Of(folder.One(ExperimentFolder.Changed(experiment =>
        {
            Equal(experiment);
            experiment["discriminators"]!.AsArray().RemoveAt(1);
            experiment["combiner"] = JsonNode.Parse("""{ "kind": "fixed" }""");
        }).ToJsonString()), hashes);
        using var shared = new SharedMaterials([first, minds], hashes, _ => { });
        shared.Load(first);
        Assert.That(folder.Problems(() => shared.Load(minds)), Is.EqualTo(new[] { Refusal }));
    }

    [Test]
    public void The_command_line_gives_exit_code_two_before_anything_is_trained()
    {
        using var folder = new ExperimentFolder();
        folder.Write("pairs.jsonl", Lines([Pairs, Pairs]));
        folder.Write("experiment.json", ExperimentFolder.Changed(Equal).ToJsonString());
        var run = CommandRun.In(Path.GetDirectoryName(folder["experiment.json"])!, null, "run", "experiment.json");
        Assert.That((run.Code, run.Error),
            Is.EqualTo((2, $"valid, seed 1 failed: {Refusal}\nvalid, seed 2 failed: for the same reason as valid, seed 1\n")));
        Assert.That(run.Output, Does.Contain("warning: data 'pairs': 2 of 2 pairs are equal after encoding").And.Not.Contain("steps"));
    }

    [TestCase("coco-captions", 32, 2, 1)]
    public void Published_data_are_counted_as_by_hand(string set, int length, int cut, int full)
    {
        if (SharedData.Find($"data/{set}/train.txt") is not { } train) { Assert.Ignore("the shared data are missing"); return; }
        using var folder = new ExperimentFolder();
        var experiment = folder.One(ExperimentFolder.Changed(changed =>
            Only(changed, $$"""{ "set": { "kind": "text", "path": {{JsonValue.Create(train).ToJsonString()}},""" +
                $$""" "heldOutPath": {{JsonValue.Create(train.Replace("train", "test")).ToJsonString()}} } }""", length)).ToJsonString());
        using var materials = Materials.Load(experiment.Options, experiment.BaseFolder, _ => { });
        var counts = materials.Report.Sets["set"];
        int Longer(string file, Func<int, bool> matches) =>
            File.ReadLines(file).Count(line => line.Trim().Length > 0
            && matches(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.That((counts.Train.Texts.Cut, counts.HeldOut.Texts.Full), Is.EqualTo(((long)cut, (long)full)));
        Assert.That(counts.Train.Texts.Cut, Is.EqualTo(Longer(train, words => words > length)));
    }
}
