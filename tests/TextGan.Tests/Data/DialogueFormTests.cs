using System.Text.Json;
using System.Text.RegularExpressions;
using TextGan.Data;

namespace TextGan.Tests.Data;

/// <summary>The forms in which people have dialogues; whatever the form, the pairs are those of HH-RLHF's.</summary>
public sealed partial class DialogueFormTests : FileTests
{
    DataSet Load(IEnumerable<object> lines, PreferencePart part = PreferencePart.LastReply)
    {
        files.Write("a.jsonl", string.Join('\n', lines.Select(line => line as string ?? JsonSerializer.Serialize(line))));
        return new PreferenceDataOptions { Path = "a.jsonl", Part = part }.Load(new DataContext("pairs", files.Folder, 32));
    }

    List<(string Chosen, string Rejected, string? Prompt)> Pairs(IEnumerable<object> lines, PreferencePart part = PreferencePart.LastReply)
    {
        var split = Load(lines, part).Train;
        return [.. split.Texts.Select((text, i) => (text, split.Rejected![i], split.Prompts?[i]))];
    }

    (string Chosen, string Rejected, string? Prompt) Pair(object line, PreferencePart part = PreferencePart.LastReply) =>
        Pairs([line], part).Single();

    void Refused(object line, string message) => Assert.That(() => Load(["", line]),
        Throws.TypeOf<InvalidInputException>().With.Message.EqualTo($"{files.PathOf("a.jsonl")}:2: {message}"));

    const string Human = "Human", Assistant = "Assistant";

    sealed record Turn(string Role, string Text);

    /// <summary>The prompt and two answers; "|" is between turns, a Human's first.</summary>
    static readonly (string Prompt, string Chosen, string Rejected)[] sample =
    [
        ("Hi  there", "Hello.\n\nHow are you?", "No."),
        ("Bake a cake.|Which?|Any.", "Ingredients:\n- 2 eggs\n\nInstructions: mix.\nNote: hot.", "The human: he bakes.\nUser: you."),
        ("The word human: what is it?\nUser : an old word?", " A being.", "Human: all too human."),
        ("Line one\u2028line two\u0085three", "Narrator: once\n\nAgent: never", "https://a.b\nFrank: x"),
    ];

    static Turn[] Turns(string prompt) => [.. prompt.Split('|').Select((text, i) => new Turn(i % 2 == 0 ? Human : Assistant, text))];

    static string Written(IEnumerable<Turn> turns, string separator, Func<string, string> name) =>
        string.Concat(turns.Select((turn, i) => $"{(i > 0 || separator == "\n\n" ? separator : "")}{name(turn.Role)}: {turn.Text}"));

    static object[] Chat(IEnumerable<Turn> turns) =>
        [.. turns.Select(turn => new { role = turn.Role == Human ? "user" : "assistant", content = turn.Text })];

    static object[] Parts(IEnumerable<Turn> turns) =>
        [.. turns.Select(turn =>
            new { role = turn.Role == Human ? "User" : "Assistant", content = new[] { new { type = "text", text = turn.Text } } })];

    static Turn Answer(string text) => new(Assistant, text);

    static IEnumerable<object> Lines(Func<Turn[], Turn, Turn, object> form) =>
        sample.Select(entry => form(Turns(entry.Prompt), Answer(entry.Chosen), Answer(entry.Rejected)));

    static IEnumerable<object> InStrings(string separator, Func<string, string> name) =>
        Lines((prompt, chosen, rejected) =>
            new { chosen = Written([.. prompt, chosen], separator, name), rejected = Written([.. prompt, rejected], separator, name) });

    static readonly (string Name, IEnumerable<object> Lines)[] forms =
    [
        ("lower case", InStrings("\n\n", role => role.ToLowerInvariant())),
        ("upper case", InStrings("\n\n", role => role.ToUpperInvariant())),
        ("Windows", InStrings("\r\n\r\n", role => role)),
        ("CR", InStrings("\r\r", role => role)),
        ("a blank between breaks", InStrings("\n \n  ", role => role)),
        ("single breaks", InStrings("\n", role => role)),
        ("single breaks, lower case", InStrings("\r\n", role => role.ToLowerInvariant())),
        ("arrays", Lines((prompt, chosen, rejected) => new { chosen = Chat([.. prompt, chosen]), rejected = Chat([.. prompt, rejected]) })),
        ("arrays of parts", Lines((prompt, chosen, rejected) =>
            new { chosen = Parts([.. prompt, chosen]), rejected = Parts([.. prompt, rejected]) })),
        ("UltraFeedback", Lines((prompt, chosen, rejected) => new
        {
            prompt = prompt[0].Text, chosen = Chat([.. prompt, chosen]), rejected = Chat([.. prompt, rejected]),
                messages = Chat([.. prompt, chosen]),
        })),
        ("the last question as prompt",
            Lines((prompt, chosen, rejected) =>
            new { prompt = prompt[^1].Text, chosen = Chat([.. prompt, chosen]), rejected = Chat([.. prompt, rejected]) })),
        ("arrays for prompt and answers",
            Lines((prompt, chosen, rejected) => new { prompt = Chat(prompt), chosen = Chat([chosen]), rejected = Chat([rejected]) })),
        ("arrays with the prompt again",
            Lines((prompt, chosen, rejected) =>
            new { prompt = Chat(prompt), chosen = Chat([.. prompt, chosen]), rejected = Chat([.. prompt, rejected]) })),
        ("arrays with the last question again",
            Lines((prompt, chosen, rejected) =>
            new { prompt = Chat(prompt), chosen = Chat([prompt[^1], chosen]), rejected = Chat([prompt[^1], rejected]) })),
        ("array for the prompt, strings for answers",
            Lines((prompt, chosen, rejected) => new { prompt = Chat(prompt), chosen = chosen.Text, rejected = rejected.Text })),
        ("messages before answers",
            Lines((prompt, chosen, rejected) => new { messages = Chat(prompt), chosen = chosen.Text, rejected = rejected.Text })),
        ("messages with the chosen answer",
            Lines((prompt, chosen, rejected) =>
            new { messages = Chat([.. prompt, chosen]), chosen = Chat([chosen]), rejected = Chat([rejected]) })),
        ("the prompt as a string with its turns", Lines((prompt, chosen, rejected) => new
        {
            prompt = Written([.. prompt, Answer("")], "\n\n", role => role), chosen = chosen.Text, rejected = rejected.Text,
        })),
        ("the prompt as a string with its turns and again", Lines((prompt, chosen, rejected) => new
        {
            prompt = Written(prompt, "\n", role => role.ToLowerInvariant()),
            chosen = Written([.. prompt, chosen], "\n\n", role => role), rejected = Written([.. prompt, rejected], "\n\n", role => role),
        })),
    ];

    static IEnumerable<string> FormNames => forms.Select(form => form.Name);

    [Test]
    public void Pairs_are_those_of_the_original_form_in_whatever_form(
        [ValueSource(nameof(FormNames))] string name, [Values(PreferencePart.LastReply, PreferencePart.Dialogue)] PreferencePart part)
    {
        var original = Pairs(InStrings("\n\n", role => role), part);
        Assert.That(original, Has.Count.EqualTo(sample.Length));
        if (part == PreferencePart.LastReply)
            Assert.That(original[1],
                Is.EqualTo(("Ingredients: - 2 eggs Instructions: mix. Note: hot.", "The human: he bakes. User: you.",
                "Human: Bake a cake. Assistant: Which? Human: Any.")));
        Assert.That(Pairs(forms.Single(form => form.Name == name).Lines, part), Is.EqualTo(original));
    }

    [Test]
    public void Real_pairs_are_those_of_the_original_form_in_whatever_form([Values("hh-harmless", "helpful-pairs")] string folder)
    {
        if (SharedData.Find($"data/{folder}/test.jsonl.gz") is not { } path)
        {
            Assert.Ignore($"The shared data {folder} are missing.");
            return;
        }
        using var reader = new StreamReader(
            new System.IO.Compression.GZipStream(File.OpenRead(path), System.IO.Compression.CompressionMode.Decompress));
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<Dictionary<string, string>>(line)!)
                .Select(line => (Chosen: TakeApart(line["chosen"]), Rejected: TakeApart(line["rejected"]))).ToList();
        IEnumerable<object> As(Func<Turn[], object> form) =>
            lines.Select(line => new { chosen = form(line.Chosen), rejected = form(line.Rejected) });
        foreach (var part in (PreferencePart[])[PreferencePart.LastReply, PreferencePart.Dialogue])
        {
            var original = Pairs(As(turns => Written(turns, "\n\n", role => role)), part);
            Assert.That(original, Has.Count.GreaterThan(300));
            Assert.That(Pairs(As(turns => Written(turns, "\n\n", role => role.ToLowerInvariant())), part), Is.EqualTo(original));
            Assert.That(Pairs(As(turns => Written(turns, "\n", role => role)), part), Is.EqualTo(original));
            Assert.That(Pairs(As(Chat), part), Is.EqualTo(original));
        }
    }

    static Turn[] TakeApart(string dialogue)
    {
        var pieces = HumanOrAssistant().Split(dialogue)[1..];
        return [.. pieces.Chunk(2).Select(piece => new Turn(piece[0], piece[1].Trim()))];
    }

    [GeneratedRegex("\n\n(Human|Assistant):")]
    private static partial Regex HumanOrAssistant();

    [Test]
    public void A_system_turn_stays_before_the_question_and_a_tool_speaks() => Assert.That(
        Pair(new
        {
            prompt = "2+2?",
            chosen = new object[] { new { role = "system", content = "Be brief." }, new { role = "user", content = "2+2?" },
                new { role = "tool", content = "4" }, new { role = "assistant", content = "4" } },
            rejected = new object[] { new { role = "system", content = "Be brief." }, new { role = "user", content = "2+2?" },
                new { role = "tool", content = "4" }, new { role = "assistant", content = "5" } },
        }), Is.EqualTo(("4", "5", "System: Be brief. Human: 2+2? Tool: 4")));

    [Test]
    public void A_question_before_an_answer_with_its_role_is_a_Human_turn([Values] bool array) => Assert.That(
        Pair(new { prompt = "Why?", chosen = array ? (object)Chat([Answer("So.")]) : "assistant: So.", rejected = array
            ? (object)Chat([Answer("No.")]) : "assistant: No." }),
        Is.EqualTo(("So.", "No.", "Human: Why?")));

    [Test]
    public void A_prompt_that_both_plain_texts_repeat_is_not_doubled()
    {
        Assert.That(Pair(new { prompt = "Why? ", chosen = "Why? So.", rejected = "Why?\nNo." }), Is.EqualTo(("So.", "No.", "Why?")));
        Assert.That(Pair(new { prompt = "Why?", chosen = "Why? So.", rejected = "Why? No." }, PreferencePart.Dialogue),
            Is.EqualTo(("Why? So.", "Why? No.", "Why?")));
        // One that only begins alike, and an answer that takes up the question.
        Assert.That(Pair(new { prompt = "I", chosen = "It is", rejected = "Is it" }), Is.EqualTo(("It is", "Is it", "I")));
        Assert.That(Pair(new { prompt = "Why?", chosen = "Why? So.", rejected = "No." }), Is.EqualTo(("Why? So.", "No.", "Why?")));
    }

    [Test]
    public void Turns_that_lack_their_blank_line_are_turns_if_they_alternate()
    {
        Assert.That(Pair(new { chosen = "Human: a\n\nAssistant: b\nHuman: c\nAssistant: d",
            rejected = "Human: a\nAssistant: b\n\nHuman: c\nAssistant: e" }),
            Is.EqualTo(("d", "e", "Human: a Assistant: b Human: c")));
        Assert.That(Pair(new { chosen = "\n\nHuman: a\n\nAssistant: b\nAssistant: c", rejected = "\n\nHuman: a\n\nAssistant: d" }),
            Is.EqualTo(("b Assistant: c", "d", "Human: a")));
    }

    [Test]
    public void Labels_in_plain_answers_are_part_of_them()
    {
        const string recipe = "Ingredients: eggs\n\nInstructions: mix";
        Assert.That(Pair(new { prompt = "Cake?", chosen = recipe, rejected = "Ingredients: none\n\nInstructions: no" }),
            Is.EqualTo(("Ingredients: eggs Instructions: mix", "Ingredients: none Instructions: no", "Cake?")));
        Assert.That(Pair(new { chosen = recipe, rejected = "no" }).Chosen, Is.EqualTo("Ingredients: eggs Instructions: mix"));
        Assert.That(Pair(new { prompt = "A chat?", chosen = "User: hi\n\nAgent: hello", rejected = "no" }).Chosen,
            Is.EqualTo("User: hi Agent: hello"));
        Assert.That(Pair(new { chosen = "Human: a\n\nAssistant: b", rejected = "Human: a\n\nAssistant: c" }, PreferencePart.Plain),
            Is.EqualTo(("Human: a Assistant: b", "Human: a Assistant: c", (string?)null)));
    }

    [TestCase("Customer: hi\n\nAgent: yes", "Customer: hi\n\nAgent: no", "Customer")]
    [TestCase("\n\nCustomer: hi\nAgent: yes", "\n\nCustomer: hi\nAgent: no", "Customer")]
    [TestCase("Narrator: hi\n\nAssistant: yes", "no", "Narrator")]
    [TestCase("Human: hi\n\nRobot: yes", "Human: ho\n\nRobot: no", "Robot")]
    [TestCase("user: hi\nBot: yes", "user: hi\nBot: no", "Bot")]
    [TestCase("Q: hi\nA: yes", "Q: hi\nA: no", "Q")]
    public void A_string_with_a_role_that_is_not_understood_is_refused(string chosen, string rejected, string role) =>
        Refused(new { chosen, rejected },
        $"The field \"chosen\" begins like a dialogue, but the role \"{role}\" is not understood; roles are Human or User, Assistant and " +
        $"System. If it is plain text, set \"part\" to \"plain\".");

    [Test]
    public void A_dialogue_whose_answer_is_missing_on_one_side_is_refused() =>
        Refused(new { chosen = "human: hi\nassistant: yes", rejected = "human: hi" },
            "The field \"rejected\" is a dialogue without an Assistant turn.");

    [TestCase("[{\"role\": \"narrator\", \"content\": \"a\"}]",
        "Message 1 of the field \"chosen\" has the role \"narrator\", which is not understood; roles are system, user, assistant and " +
        "tool.")]
    [TestCase("[{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"bot\", \"content\": \"a\"}]",
        "Message 2 of the field \"chosen\" has the role \"bot\", which is not understood; roles are system, user, assistant and tool.")]
    [TestCase("[{\"content\": \"a\"}]", "Message 1 of the field \"chosen\" has no \"role\".")]
    [TestCase("[{\"role\": \"user\"}]", "Message 1 of the field \"chosen\" has no \"content\".")]
    [TestCase("[{\"role\": 1, \"content\": \"a\"}]",
        "Message 1 of the field \"chosen\" has a number as \"role\" where a string is expected.")]
    [TestCase("[{\"role\": \"user\", \"content\": null}]",
        "Message 1 of the field \"chosen\" has null as \"content\" where a string or an array of texts is expected.")]
    [TestCase("[{\"role\": \"user\", \"content\": [{\"type\": \"image\"}]}]",
        "Message 1 of the field \"chosen\" has a part of \"content\" that is not {\"type\": \"text\", \"text\": ...}; only texts are " +
        "understood.")]
    [TestCase("[\"a\"]", "Message 1 of the field \"chosen\" is a string where an object with \"role\" and \"content\" is expected.")]
    [TestCase("[]", "The field \"chosen\" is an empty array.")]
    [TestCase("[{\"role\": \"user\", \"content\": \"a\"}]", "The field \"chosen\" is a dialogue without an Assistant turn.")]
    [TestCase("[{\"role\": \"assistant\", \"content\": \"a\\u0000\"}]", "Message 1 of the field \"chosen\" has a NUL character.")]
    public void A_malformed_array_is_refused(string chosen, string message) =>
        Refused($$"""{"chosen": {{chosen}}, "rejected": "b"}""", message);

    [Test]
    public void A_role_in_messages_and_in_the_prompt_is_looked_at_too([Values("prompt", "messages")] string field) =>
        Refused($$"""{"{{field}}": [{"role": "sage", "content": "a"}], "chosen": "a", "rejected": "b"}""",
            $"Message 1 of the field \"{field}\" has the role \"sage\", which is not understood; roles are system, user, assistant and " +
            "tool.");

    [Test]
    public void Pairs_with_different_prompts_are_counted()
    {
        var set = Load([
            new { chosen = "\n\nHuman: a\n\nAssistant: b", rejected = "\n\nHuman: a\n\nAssistant: c" },
            new { chosen = "\n\nHuman: a\n\nAssistant: b", rejected = "\n\nHuman: x\n\nAssistant: c" },
        ]);
        Assert.That(set.Summary, Is.EqualTo($"2 pairs from {files.PathOf("a.jsonl")} (1 whose texts answer different prompts)"));
        Assert.That(set.Train.Prompts, Is.EqualTo(new[] { "Human: a", "Human: a" }));
    }
}
