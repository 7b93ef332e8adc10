using Parquet;
using Parquet.Serialization;
using TextGan.Data;

namespace TextGan.Tests.Data;

public sealed class ParquetDataTests : FileTests
{
    DataSet Load(DataOptions options) => options.Load(new DataContext("set", files.Folder, 32));

    void Refused(DataOptions options, string place, string message) =>
        Assert.That(() => Load(options), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo($"{files.PathOf(place)}{message}"));

    sealed record Text(string? text, string? prompt, int number);

    sealed record Message(string? role, string? content, double weight);

    sealed record Chat(List<Message>? messages);

    sealed record Score(double score);

    sealed record Scores(List<Score> scores);

    /// <summary>Writes a file with Parquet.Net, in row groups of a few rows.</summary>
    string Write<T>(string name, IEnumerable<T> rows, int group = 1000, CompressionMethod compression = CompressionMethod.Snappy)
    {
        using var stream = new MemoryStream();
        ParquetSerializer.SerializeAsync(rows, stream, new ParquetOptions { RowGroupSize = group, CompressionMethod = compression })
            .GetAwaiter().GetResult();
        Directory.CreateDirectory(Path.GetDirectoryName(files.PathOf(name))!);
        return files.Write(name, stream.ToArray());
    }

    /// <summary>
    /// Made by Apache's C++ library (ParquetSharp 25.0.1, zstd, two row groups): optional columns prompt, chosen and rejected (lists of
    /// structs, content before role) and a required id. chosen is null in row 3, empty in row 4, has a null message in row 6.
    /// </summary>
    string WriteForeign(string name = "pairs.parquet")
    {
        using var stream = typeof(ParquetDataTests).Assembly.GetManifestResourceStream("TextGan.Tests.Data.Fixtures.pairs.parquet")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return files.Write(name, bytes.ToArray());
    }

    [Test]
    public void Chats_that_another_library_wrote_are_pairs()
    {
        var path = WriteForeign();
        var set = Load(new PreferenceDataOptions { Path = "pairs.parquet", OnError = MalformedLines.Skip });
        Assert.That(set.Train.Texts, Is.EqualTo(new[] { "It is 2.", "4 — “four”, 四 🙂", "Hello" }));
        Assert.That(set.Train.Rejected, Is.EqualTo(new[] { "No idea.", "5", "Go away" }));
        Assert.That(set.Train.Prompts,
            Is.EqualTo(new[] { "Human: What is 1 + 1?", "Human: And 2 + 2?", "System: Be brief. Human: Hi" }));
        Assert.That(set.Summary, Is.EqualTo(
            $"3 pairs from {path} (Parquet; 3 malformed rows skipped, the first at {path}, row 3: The field \"chosen\" is null where a " +
            "string or an array of messages is expected)"));
    }

    [Test]
    public void What_a_row_lacks_is_told_with_its_number()
    {
        WriteForeign();
        Refused(new PreferenceDataOptions { Path = "pairs.parquet" }, "pairs.parquet",
            ", row 3: The field \"chosen\" is null where a string or an array of messages is expected.");
        Refused(new TextDataOptions { Path = "pairs.parquet", Column = "chosen", OnError = MalformedLines.Skip, Limit = 3, PromptColumn =
            "prompt", MaximumLineLength = 20 }, "pairs.parquet", ": The file has no usable row: 6 read, 6 malformed rows skipped, the " +
            $"first at {files.PathOf("pairs.parquet")}, row 1: The row is longer than 20 characters of JSON.");
    }

    [Test]
    public void A_chat_column_gives_texts_and_their_prompts()
    {
        WriteForeign();
        var set = Load(new TextDataOptions { Path = "pairs.parquet", Column = "rejected", Template = ChatTemplate.Plain });
        Assert.That(set.Train.Texts, Is.EqualTo(new[] { "No idea.", "5", "a", "b", "Go away", "c" }));
        // The column "prompt" comes before the dialogue, unless the dialogue has it.
        Assert.That(set.Train.Prompts, Is.EqualTo(new[]
        {
            "Human: What is 1 + 1? Assistant:", "Human: And 2 + 2? Assistant:", "Human: c Assistant:",
            "Human: d Assistant:", "System: Be brief. Human: Hi Assistant:", "Human: e Assistant:",
        }));
    }

    [Test]
    public void Texts_and_prompts_are_columns_of_strings([Values(CompressionMethod.None, CompressionMethod.Snappy, CompressionMethod.Gzip,
        CompressionMethod.Brotli, CompressionMethod.Zstd, CompressionMethod.Lz4Raw)] CompressionMethod compression)
    {
        var path = Write("texts.bin", [new Text("one  1", "p", 1), new Text("", null, 2), new Text("two\n2", null, 3),
            new Text("Ü🙂\"\\", "q", 4)], group: 3, compression);
        var set = Load(new TextDataOptions { Path = "texts.bin" });
        Assert.That(set.Train.Texts, Is.EqualTo(new[] { "one 1", "two 2", "Ü🙂\"\\" }));
        Assert.That(set.Train.Prompts, Is.EqualTo(new[] { "p", "", "q" }));
        Assert.That(set.Summary, Is.EqualTo($"3 texts from {path} (Parquet; 1 with an empty text skipped)"));
        Assert.That(Load(new TextDataOptions { Path = "texts.bin", Column = "prompt", OnError = MalformedLines.Skip }).Train.Texts,
            Is.EqualTo(new[] { "p", "q" }));
    }

    [Test]
    public void Messages_are_read_as_those_of_json_lines()
    {
        Write("chats.parquet", [new Chat([new("user", "Why?", 1), new("assistant", "So.", 0)]), new Chat([new("assistant", "Hi.", 1)])]);
        files.Write("chats.jsonl", """
            {"messages": [{"role": "user", "content": "Why?", "weight": 1}, {"role": "assistant", "content": "So.", "weight": 0}]}
            {"messages": [{"role": "assistant", "content": "Hi.", "weight": 1}]}
            """);
        var (rows, lines) = (Load(new TextDataOptions { Path = "chats.parquet" }), Load(new TextDataOptions { Path = "chats.jsonl" }));
        Assert.That(rows.Train.Texts, Is.EqualTo(lines.Train.Texts).And.EqualTo(new[] { "So.", "Hi." }));
        Assert.That(rows.Train.Prompts, Is.EqualTo(lines.Train.Prompts).And.EqualTo(new[] { "Human: Why?", "" }));
    }

    [Test]
    public void Lists_that_are_empty_and_that_are_missing_differ()
    {
        Write("chats.parquet", [new Chat([]), new Chat(null)]);
        Refused(new TextDataOptions { Path = "chats.parquet" }, "chats.parquet",
            ", row 1: The field \"messages\" is a dialogue without an Assistant turn.");
        Write("chats.parquet", [new Chat(null), new Chat([])]);
        Refused(new TextDataOptions { Path = "chats.parquet" }, "chats.parquet",
            ", row 1: The field \"messages\" is null where a string or an array of messages is expected.");
    }

    [Test]
    public void A_table_of_many_row_groups_can_be_streamed()
    {
        Write("many.parquet", Enumerable.Range(0, 1000).Select(i => new Text($"text {i}", null, i)), group: 64);
        var streamed = Load(new TextDataOptions { Path = "many.parquet", Stream = true, HeldOut = 0.1 });
        Assert.That((streamed.Train.Streamed, streamed.Train.Texts.Count, streamed.HeldOut.Texts.Count), Is.EqualTo((true, 900, 100)));
        Assert.That(streamed.Train.Texts.Concat(streamed.HeldOut.Texts).Order(),
            Is.EqualTo(Enumerable.Range(0, 1000).Select(i => $"text {i}").Order()));
        Assert.That(streamed.Train.Texts[899], Is.EqualTo(streamed.Train.Texts[^1]));
        Assert.That(Load(new TextDataOptions { Path = "many.parquet", Limit = 70 }).Train.Texts,
            Is.EqualTo(Enumerable.Range(0, 70).Select(i => $"text {i}")));
    }

    [Test]
    public void A_column_that_is_missing_is_told_with_those_that_are_there()
    {
        Write("texts.parquet", [new Text("one", "p", 1)]);
        Refused(new TextDataOptions { Path = "texts.parquet", Column = "body" }, "texts.parquet",
            ": The file has no column \"body\"; its columns are \"text\", \"prompt\", \"number\".");
        Refused(new TextDataOptions { Path = "texts.parquet", PromptColumn = "question" }, "texts.parquet",
            ": The file has no column \"question\"; its columns are \"text\", \"prompt\", \"number\".");
        Refused(new PreferenceDataOptions { Path = "texts.parquet", ChosenColumn = "text" }, "texts.parquet",
            ": The file has no column \"rejected\"; its columns are \"text\", \"prompt\", \"number\".");
        WriteForeign();
        Refused(new TextDataOptions { Path = "pairs.parquet" }, "pairs.parquet", ": The file has no column \"text\", \"messages\" or " +
            "\"conversations\"; its columns are \"prompt\", \"chosen\", \"rejected\", \"id\"; name the one that has the texts by " +
            "\"column\".");
    }

    [Test]
    public void A_column_of_another_type_is_rejected()
    {
        Write("texts.parquet", [new Text("one", "p", 1)]);
        Refused(new TextDataOptions { Path = "texts.parquet", Column = "number" }, "texts.parquet",
            ": The column \"number\" holds Int32; a string or a list of messages (structs of strings) is expected.");
        Write("odd.parquet", [new Scores([new(1)])]);
        Refused(new TextDataOptions { Path = "odd.parquet", Column = "scores" }, "odd.parquet",
            ": The column \"scores\" has lists of structs without \"role\" and \"content\" (or \"from\" and \"value\"); their fields are " +
            "\"score\".");
    }

    sealed record Odd(string? role, string? content, double value, int type, Score text);

    sealed record OddChat(int text, List<Odd> messages, Score prompt, Dictionary<string, int> conversations, List<double> weights);

    sealed record OddPair(string chosen, string rejected, int prompt, Score messages, List<double> conversations);

    /// <summary>Columns that are no texts matter only if they are named.</summary>
    [Test]
    public void Odd_columns_beside_a_chat_are_left_alone()
    {
        Write("chats.parquet", [new OddChat(1, [new("user", "Why?", 1, 2, new(3)), new("assistant", "So.", 1, 2, new(3))], new(1),
            new() { ["a"] = 1 }, [0.5])]);
        var set = Load(new TextDataOptions { Path = "chats.parquet" });
        Assert.That((set.Train.Texts[0], set.Train.Prompts![0]), Is.EqualTo(("So.", "Human: Why?")));
        Write("pairs.parquet", [new OddPair("good", "bad", 1, new(1), [0.5])]);
        var pairs = Load(new PreferenceDataOptions { Path = "pairs.parquet" });
        Assert.That((pairs.Train.Texts[0], pairs.Train.Rejected![0]), Is.EqualTo(("good", "bad")));
        Refused(new TextDataOptions { Path = "chats.parquet", Column = "text" }, "chats.parquet",
            ": The column \"text\" holds Int32; a string or a list of messages (structs of strings) is expected.");
        Refused(new TextDataOptions { Path = "chats.parquet", PromptColumn = "prompt" }, "chats.parquet",
            ": The column \"prompt\" holds a struct; a string or a list of messages (structs of strings) is expected.");
    }

    [Test]
    public void A_damaged_file_is_one_error()
    {
        var bytes = File.ReadAllBytes(WriteForeign());
        files.Write("half.parquet", bytes[..(bytes.Length / 2)]);
        Assert.That(() => Load(new PreferenceDataOptions { Path = "half.parquet" }), Throws.TypeOf<InvalidInputException>().With.Message
            .StartsWith($"{files.PathOf("half.parquet")}: The file is damaged Parquet, or in a form of it that is not supported: "));
        // Wherever a byte is wrong: other texts, or one error of the kind for bad input.
        var random = new Random(1);
        for (var trial = 0; trial < 300; trial++)
        {
            var damaged = (byte[])bytes.Clone();
            for (var i = 0; i < 3; i++) damaged[random.Next(5, damaged.Length)] = (byte)random.Next(256);
            files.Write("damaged.parquet", damaged);
            try
            {
                Load(new PreferenceDataOptions { Path = "damaged.parquet", OnError = MalformedLines.Skip });
            }
            catch (InvalidInputException)
            {
            }
        }
    }

    [Test]
    public void A_json_array_is_a_table()
    {
        files.Write("texts.json", """
            [
              {"text": "one", "n": 1},
              {"text": "two", "prompt": "p"}
            ]
            """);
        var set = Load(new TextDataOptions { Path = "texts.json" });
        Assert.That(set.Train.Texts, Is.EqualTo(new[] { "one", "two" }));
        Assert.That(set.Train.Prompts, Is.EqualTo(new[] { "", "p" }));
        Assert.That(set.Summary, Is.EqualTo($"2 texts from {files.PathOf("texts.json")} (a JSON array)"));
        Refused(new TextDataOptions { Path = "texts.json", Column = "n" }, "texts.json",
            ", element 1: The field \"n\" is a number where a string or an array of messages is expected.");
        Refused(new TextDataOptions { Path = "texts.json", PromptColumn = "p" }, "texts.json",
            ", element 1: The object has no \"p\"; its fields are \"text\", \"n\".");
        files.Write("cut.json", """[{"text": "one"}, {"text": "tw""");
        Assert.That(() => Load(new TextDataOptions { Path = "cut.json" }), Throws.TypeOf<InvalidInputException>().With.Message
            .Matches($"^{files.PathOf("cut.json")}: The file is not valid JSON: .*\\(after element [01] of the array\\)$"));
        files.Write("long.json", $$"""[{"text": "one"}, {"text": "{{new string('x', 3 << 20)}}"}]""");
        Refused(new TextDataOptions { Path = "long.json", MaximumLineLength = 1000 }, "long.json",
            ": Element 2 of the array is longer than 1,000 characters.");
        files.WriteGzip("lines.json", "{\"text\": \"one\"}\n{\"text\": \"two\"}\n");
        Assert.That(Load(new TextDataOptions { Path = "lines.json" }).Train.Texts, Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public void Fields_of_json_lines_have_the_names_that_are_given()
    {
        files.Write("a.jsonl", """
            {"question": "p", "answer": "good", "other": "bad"}
            """);
        var pairs = Load(new PreferenceDataOptions { Path = "a.jsonl", ChosenColumn = "answer", RejectedColumn = "other",
            PromptColumn = "question" });
        Assert.That((pairs.Train.Texts[0], pairs.Train.Rejected![0], pairs.Train.Prompts![0]), Is.EqualTo(("good", "bad", "p")));
        var texts = Load(new TextDataOptions { Path = "a.jsonl", Column = "other", PromptColumn = "question" });
        Assert.That((texts.Train.Texts[0], texts.Train.Prompts![0]), Is.EqualTo(("bad", "p")));
        Assert.That(new PreferenceDataOptions { Path = "a.jsonl", ChosenColumn = "rejected" }.Validate("$.data.set").Single().ToString(),
            Is.EqualTo("$.data.set.rejectedColumn: \"rejected\" is also 'chosenColumn'; a pair has its two texts in two columns."));
        files.Write("chat.jsonl", """
            {"text": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}]}
            """);
        var chat = Load(new TextDataOptions { Path = "chat.jsonl", Template = ChatTemplate.Plain });
        Assert.That((chat.Train.Texts[0], chat.Train.Prompts![0]), Is.EqualTo(("So.", "Human: Why? Assistant:")));
        files.Write("user.jsonl", """{"text": [{"role": "user", "content": "Why?"}]}""");
        Refused(new TextDataOptions { Path = "user.jsonl" }, "user.jsonl",
            ":1: The field \"text\" is a dialogue without an Assistant turn.");
        files.Write("a.txt", "one\n");
        Assert.That(() => Load(new TextDataOptions { Path = "a.txt", Column = "other" }), Throws.TypeOf<InvalidInputException>()
            .With.Message.EqualTo("$.data.set.column: a file of lines has no fields or prompts; set 'format' to \"json-lines\" if its " +
                "lines are JSON objects."));
    }
}
