using System.Globalization;
using System.Text.Json;
using TextGan.Data;

namespace TextGan.Tests.Data;

public sealed class PreferenceDataTests : FileTests
{
    DataSet Load(PreferenceDataOptions options) => options.Load(new DataContext("helpful", files.Folder, 32));

    /// <summary>The pair that one line gives.</summary>
    (string Chosen, string Rejected, string? Prompt) Pair(object line, PreferencePart part = PreferencePart.LastReply, bool fold = true)
    {
        files.Write("a.jsonl", JsonSerializer.Serialize(line));
        var split = Load(new() { Path = "a.jsonl", Part = part, FoldWhitespace = fold }).Train;
        return (split.Texts.Single(), split.Rejected!.Single(), split.Prompts?.Single());
    }

    const string Dialogue = "\n\nHuman: Hi  there\n\nAssistant: Hello.\n\nHuman: And now?\n\nAssistant: Now\n 1. this";

    [Test]
    public void Of_a_dialogue_the_last_reply_is_the_text_and_the_rest_the_prompt() => Assert.That(
        Pair(new { chosen = Dialogue, rejected = "\n\nHuman: Hi  there\n\nAssistant: No." }),
        Is.EqualTo(("Now 1. this", "No.", "Human: Hi there Assistant: Hello. Human: And now?")));

    [Test]
    public void White_space_is_kept_on_demand() => Assert.That(
        Pair(new { chosen = Dialogue, rejected = "\r\n\r\nHuman: Hi\r\n\r\nAssistant: No.\n\n " }, fold: false),
        Is.EqualTo(("Now\n 1. this", "No.", "Human: Hi  there\n\nAssistant: Hello.\n\nHuman: And now?")));

    [Test]
    public void A_whole_dialogue_is_a_text_on_demand() => Assert.That(
        Pair(new { chosen = Dialogue, rejected = "\n\nHuman: Hi\n\nAssistant: No." }, PreferencePart.Dialogue),
        Is.EqualTo(("Human: Hi there Assistant: Hello. Human: And now? Assistant: Now 1. this", "Human: Hi Assistant: No.",
            (string?)null)));

    [Test]
    public void Plain_strings_are_texts_and_the_prompt_is_a_field([Values] PreferencePart part)
    {
        // Of a whole dialogue the prompt is a part, wherever it stands.
        Assert.That(Pair(new { prompt = " Why? ", chosen = " Because\nof it", rejected = "No" }, part),
            Is.EqualTo(part == PreferencePart.Dialogue ? ("Why? Because of it", "Why? No", "Why?") : ("Because of it", "No", "Why?")));
        Assert.That(Pair(new { chosen = "a", rejected = "b", score = 1, more = new[] { 1 } }, part), Is.EqualTo(("a", "b", (string?)null)));
        Assert.That(Pair(new { chosen = "a", rejected = "b", prompt = (string?)null }, part), Is.EqualTo(("a", "b", (string?)null)));
        // No dialogue: a sentence that speaks of Humans, and turns in the middle of a text.
        Assert.That(Pair(new { chosen = "Human: all too human", rejected = "See\n\nAssistant: x" }, part),
            Is.EqualTo(("Human: all too human", "See Assistant: x", (string?)null)));
    }

    [Test]
    public void A_prompt_field_goes_before_the_dialogue() => Assert.That(
        Pair(new { prompt = "asked", chosen = Dialogue, rejected = "no" }),
            Is.EqualTo(("Now 1. this", "no", "asked Human: Hi there Assistant: Hello. Human: And now?")));

    [Test]
    public void Dialogues_without_leading_breaks_and_with_an_open_question_are_understood() => Assert.That(
        Pair(new { chosen = "Human: Hi\n\nAssistant: Yes.\n\nHuman: Thanks", rejected = "\n\nAssistant: No" }),
            Is.EqualTo(("Yes.", "No", "Human: Hi")));

    [Test]
    public void Prompts_are_matched_by_index()
    {
        files.Write("a.jsonl", """
            {"chosen": "a", "rejected": "b"}

            {"chosen": "c", "rejected": "d", "prompt": "p"}
            """);
        Assert.That(Load(new() { Path = "a.jsonl" }).Train.Prompts, Is.EqualTo(new[] { "", "p" }));
    }

    static readonly object[] Malformed =
    [
        new[] { "{\"chosen\": \"a\"",
            "The line is not valid JSON: Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array " +
            "that should be closed. (at byte 15)" },
        new[] { "chosen", "The line is not valid JSON: 'c' is an invalid start of a value. (at byte 1)" },
        new[] { "{\"chosen\": \"a\", \"rejected\": \"b\",}",
            "The line is not valid JSON: The JSON object contains a trailing comma at the end which is not supported in this mode. " +
            "Change the reader options. (at byte 33)" },
        new[] { "[]", "The line is an array where a JSON object is expected." },
        new[] { "\"a\"", "The line is a string where a JSON object is expected." },
        new[] { "{\"rejected\": \"b\"}", "The object has no \"chosen\"; its fields are \"rejected\"." },
        new[] { "{\"chosen\": \"b\", \"Rejected\": \"c\"}", "The object has no \"rejected\"; its fields are \"chosen\", \"Rejected\"." },
        new[] { "{\"chosen\": 1, \"rejected\": \"b\"}",
            "The field \"chosen\" is a number where a string or an array of messages is expected." },
        new[] { "{\"chosen\": \"a\", \"rejected\": null}",
            "The field \"rejected\" is null where a string or an array of messages is expected." },
        new[] { "{\"chosen\": [\"a\"], \"rejected\": \"b\"}",
            "Message 1 of the field \"chosen\" is a string where an object with \"role\" and \"content\" is expected." },
        new[] { "{\"chosen\": \"a\", \"rejected\": {}}",
            "The field \"rejected\" is an object where a string or an array of messages is expected." },
        new[] { "{\"chosen\": \"a\", \"rejected\": \"b\", \"prompt\": true}",
            "The field \"prompt\" is a truth value where a string or an array of messages is expected." },
        new[] { "{\"chosen\": \" \\n\", \"rejected\": \"b\"}", "The field \"chosen\" is empty." },
        new[] { "{\"chosen\": \"a\\u0000\", \"rejected\": \"b\"}", "The field \"chosen\" has a NUL character." },
        new[] { "{\"chosen\": \"a\\ud800\", \"rejected\": \"b\"}",
            "The field \"chosen\" has half of a surrogate pair (\\uD800 to \\uDFFF), which is not a character." },
        new[] { "{\"chosen\": \"\\n\\nHuman: a\", \"rejected\": \"b\"}", "The field \"chosen\" is a dialogue without an Assistant turn." },
    ];

    [TestCaseSource(nameof(Malformed))]
    public void A_malformed_line_is_named_or_skipped(string line, string message)
    {
        files.WriteGzip("a.jsonl", "{\"chosen\": \"good\", \"rejected\": \"bad\"}\n\n" + line
            + "\n{\"chosen\": \"c\", \"rejected\": \"d\"}\n");
        var path = files.PathOf("a.jsonl");
        Assert.That(() => Load(new() { Path = "a.jsonl" }),
            Throws.TypeOf<InvalidInputException>().With.Message.EqualTo($"{path}:3: {message}"));
        var set = Load(new() { Path = "a.jsonl", OnError = MalformedLines.Skip });
        Assert.That(set.Train.Texts, Is.EqualTo(new[] { "good", "c" }));
        Assert.That(set.Summary,
            Is.EqualTo($"2 pairs from {path} (gzip; 1 malformed line skipped, the first at {path}:3: {message.TrimEnd('.')})"));
    }

    [Test]
    public void Pairs_that_teach_nothing_are_passed_over_and_counted(
        [Values(PreferencePart.LastReply, PreferencePart.Dialogue)] PreferencePart part)
    {
        files.Write("a.jsonl", """
            {"chosen": "a  b", "rejected": "a\nb "}
            {"chosen": "\n\nHuman: Hi\n\nAssistant:", "rejected": "\n\nHuman: Hi\n\nAssistant: No"}
            {"chosen": "a", "rejected": "b"}
            {"chosen": "a", "rejected": "\n\nHuman: a\n\nAssistant: \n\nHuman: b"}
            """);
        var set = Load(new() { Path = "a.jsonl", Part = part });
        Assert.That((set.Train.Texts.Single(), set.Train.Rejected!.Single()), Is.EqualTo(("a", "b")));
        Assert.That(set.Summary,
            Is.EqualTo($"1 pair from {files.PathOf("a.jsonl")} (2 with an empty reply skipped; 1 with equal texts skipped)"));
        files.Write("b.jsonl", "{\"chosen\": \"a\", \"rejected\": \"a\"}");
        Assert.That(() => Load(new() { Path = "b.jsonl", Part = part }), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(
            $"{files.PathOf("b.jsonl")}: The file has no usable line: 1 read, 1 with equal texts skipped."));
    }

    [TestCase("{\"chosen\": \"a\", \"chosen\": \"b\", \"rejected\": \"c\"}")]
    [TestCase("{\"\\ud800\": 1, \"chosen\": \"a\", \"rejected\": \"c\"}")]
    [TestCase("{\"chosen\": \"a\u0001\", \"rejected\": \"c\"}")]
    public void Other_bad_JSON_is_malformed_too(string line)
    {
        files.Write("a.jsonl", line);
        Assert.That(() => Load(new() { Path = "a.jsonl" }),
            Throws.TypeOf<InvalidInputException>().With.Message.StartsWith($"{files.PathOf("a.jsonl")}:1: The line is not valid JSON: "));
    }

    [Test]
    public void Deeply_nested_JSON_is_malformed()
    {
        files.Write("a.jsonl", new string('[', 100_000));
        Assert.That(() => Load(new() { Path = "a.jsonl" }),
            Throws.TypeOf<InvalidInputException>().With.Message.StartsWith($"{files.PathOf("a.jsonl")}:1: The line is not valid JSON: "));
    }

    [Test]
    public void Pairs_are_held_out_together()
    {
        files.Write("a.jsonl",
            string.Join('\n', Enumerable.Range(0, 50)
            .Select(i => $"{{\"chosen\": \"c{i}\", \"rejected\": \"r{i}\", \"prompt\": \"p{i}\"}}")));
        var set = Load(new() { Path = "a.jsonl", HeldOut = 0.2 });
        Assert.That((set.Train.Texts.Count, set.HeldOut.Texts.Count), Is.EqualTo((40, 10)));
        foreach (var split in new[] { set.Train, set.HeldOut })
        {
            Assert.That(split.Rejected, Is.EqualTo(split.Texts.Select(text => $"r{text[1..]}")));
            Assert.That(split.Prompts, Is.EqualTo(split.Texts.Select(text => $"p{text[1..]}")));
        }
        Assert.That(new PreferenceDataOptions { Path = "a", HeldOutPath = "b", HeldOut = 0.5 }.Validate("$.data.helpful")
            .Select(problem => problem.Place), Is.EqualTo(new[] { "$.data.helpful.heldOut" }));
    }

    // The lines are those of the data's README; what is counted was counted with a few lines of Python.
    [TestCase("hh-harmless", 1768, "4 with an empty reply skipped; 4 whose texts answer different prompts", 313,
        "1 whose texts answer different prompts")]
    [TestCase("helpful-pairs", 1846, "10 with equal texts skipped", 326, "1 with equal texts skipped")]
    public void Published_pairs_are_read_whole(string folder, int trainLines, string trainNotes, int testLines, string testNotes)
    {
        if (SharedData.Find($"data/{folder}") is not { } path)
        {
            Assert.Ignore($"The shared data {folder} are missing.");
            return;
        }
        var (train, test) = (Path.Combine(path, "train.jsonl.gz"), Path.Combine(path, "test.jsonl.gz"));
        var set = Load(new() { Path = train, HeldOutPath = test });
        int Used(int lines, string notes) => notes.Contains("skipped", StringComparison.Ordinal)
            ? lines - int.Parse(notes.Split(' ')[0], CultureInfo.InvariantCulture) : lines;
        var (trainCount, testCount) = (Used(trainLines, trainNotes), Used(testLines, testNotes));
        Assert.That(set.Summary,
            Is.EqualTo($"{trainCount:N0} pairs from {train} (gzip; {trainNotes}); {testCount:N0} held out from {test} (gzip; " +
                $"{testNotes})"));
        Assert.That((set.Train.Texts.Count, set.HeldOut.Texts.Count), Is.EqualTo((trainCount, testCount)));
        Assert.That(set.Train.Texts.Concat(set.Train.Rejected!),
            Has.All.Not.Empty.And.None.Contain("\n").And.None.StartsWith("Assistant:"));
        Assert.That(set.Train.Prompts, Has.Count.EqualTo(set.Train.Texts.Count).And.All.StartsWith("Human: "));
    }
}
