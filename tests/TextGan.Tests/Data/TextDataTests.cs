using System.Text;
using TextGan.Data;

namespace TextGan.Tests.Data;

public sealed class TextDataTests : FileTests
{
    DataSet Load(TextDataOptions options) => options.Load(new DataContext("news", files.Folder, 32));

    void Refused(TextDataOptions options, string place, string message) =>
        Assert.That(() => Load(options), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo($"{files.PathOf(place)}: {message}"));

    [Test]
    public void Lines_are_trimmed_and_empty_ones_passed_over()
    {
        files.Write("a.txt", "\uFEFF first  text \r\n\r\n \t\nzweiter Text: é🦜\u00A0\nlast");
        var set = Load(new() { Path = "a.txt" });
        Assert.That(set.Train.Texts, Is.EqualTo(new[] { "first  text", "zweiter Text: é🦜", "last" }));
        Assert.That((set.Name, set.Train.Rejected, set.Train.Prompts, set.Source),
            Is.EqualTo(("news", (IReadOnlyList<string>?)null, (IReadOnlyList<string>?)null, (IExactSource?)null)));
        Assert.That(set.HeldOut.Texts, Is.Empty);
        Assert.That(set.Summary, Is.EqualTo($"3 texts from {files.PathOf("a.txt")}"));
    }

    [Test]
    public void Gzip_is_told_by_the_content()
    {
        files.WriteGzip("a.txt", "one\ntwo\n");
        files.Write("b.gz", "one\ntwo\n");
        Assert.That(Load(new() { Path = "a.txt" }).Train.Texts, Is.EqualTo(new[] { "one", "two" }));
        Assert.That(Load(new() { Path = "a.txt" }).Summary, Is.EqualTo($"2 texts from {files.PathOf("a.txt")} (gzip)"));
        Assert.That(Load(new() { Path = "b.gz" }).Train.Texts, Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public void The_first_malformed_line_is_named()
    {
        files.Write("utf8.txt", [.. "one\n"u8, 0xE9, .. "t\u00E9\ntwo\n"u8]);
        files.WriteGzip("nul.txt", "one\n\ntw\0o\n");
        files.Write("long.txt", "12345\n123456\n");
        Refused(new() { Path = "utf8.txt" }, "utf8.txt:2",
            "The line is not valid UTF-8: 0xE9 at byte 1 of the line does not begin a character.");
        Refused(new() { Path = "nul.txt" }, "nul.txt:3", "The line has a NUL character; a text file is expected.");
        Refused(new() { Path = "long.txt", MaximumLineLength = 5 }, "long.txt:2", "The line is longer than 5 characters.");
    }

    [Test]
    public void Malformed_lines_are_skipped_and_counted_on_demand()
    {
        files.Write("a.txt", [.. "one\nn\0l\n"u8, 0xFF, .. "\ntwo\n1234567\n"u8]);
        var set = Load(new() { Path = "a.txt", OnError = MalformedLines.Skip, MaximumLineLength = 6 });
        Assert.That(set.Train.Texts, Is.EqualTo(new[] { "one", "two" }));
        var path = files.PathOf("a.txt");
        Assert.That(set.Summary,
            Is.EqualTo($"2 texts from {path} (3 malformed lines skipped, the first at {path}:2: The line has a NUL character; a text " +
                $"file is expected)"));
        files.Write("b.txt", "\0\n\0\n");
        Refused(new() { Path = "b.txt", OnError = MalformedLines.Skip }, "b.txt",
            $"The file has no usable line: 2 read, 2 malformed lines skipped, the first at {files.PathOf("b.txt")}:1: The line has a NUL " +
            $"character; a text file is expected.");
    }

    [Test]
    public void What_cannot_be_read_at_all_is_named()
    {
        Directory.CreateDirectory(files.PathOf("folder"));
        files.Write("empty.txt", "");
        files.Write("blank.txt", " \n\n");
        files.WriteGzip("nothing.gz", "");
        Refused(new() { Path = "none.txt" }, "none.txt", "The file does not exist.");
        Refused(new() { Path = "none/none.txt" }, "none/none.txt", "The file does not exist.");
        Refused(new() { Path = "folder" }, "folder",
            "The folder has no data files (.parquet; .jsonl, .ndjson, .json, .txt, plain or .gz).");
        Refused(new() { Path = "empty.txt" }, "empty.txt", "The file is empty.");
        Refused(new() { Path = "nothing.gz" }, "nothing.gz", "The file is empty.");
        Refused(new() { Path = "blank.txt" }, "blank.txt", "The file has no usable line: 2 read, all of them empty.");
        Assert.That(() => Load(new() { Path = "a\0b" }),
            Throws.TypeOf<InvalidInputException>().With.Message.StartsWith("a\\0b: This is not a path of a file: "));
    }

    [Test]
    public void Damaged_gzip_is_named_even_where_lines_may_be_skipped()
    {
        var whole = TemporaryFiles.Gzip(Encoding.UTF8.GetBytes("one\ntwo\n"));
        files.Write("cut.gz", whole[..^3]);
        Refused(new() { Path = "cut.gz", OnError = MalformedLines.Skip }, "cut.gz",
            "The gzip data are damaged or cut short (after line 0).");
    }

    [Test]
    public void One_huge_line_of_a_small_gzip_file_is_refused_without_being_held()
    {
        // 200 million blanks and letters in about 200 kB.
        using (var file = File.Create(files.PathOf("bomb.gz")))
        using (var gzip = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest))
        {
            var block = new byte[1 << 20];
            Array.Fill(block, (byte)'a');
            for (var i = 0; i < 200; i++) gzip.Write(block);
        }
        var before = GC.GetTotalAllocatedBytes();
        Refused(new() { Path = "bomb.gz" }, "bomb.gz:1", "The line is longer than 1,000,000 characters.");
        Refused(new() { Path = "bomb.gz", OnError = MalformedLines.Skip }, "bomb.gz",
            "The gzip data unpack to more than 100 times their size, which no text does; unpack the file yourself if it is meant.");
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(40_000_000));
    }

    [Test]
    public void Line_ends_of_old_files_are_read([Values("\r", "\r\n", "\n")] string lineEnd, [Values] bool stream)
    {
        files.Write("a.txt", string.Join(lineEnd, ["one", "", "two\u2028three", "four"]) + lineEnd);
        Assert.That(Load(new() { Path = "a.txt", Stream = stream }).Train.Texts, Is.EqualTo(new[] { "one", "two\u2028three", "four" }));
    }

    [Test]
    public void What_is_not_UTF8_as_a_whole_is_named([Values] MalformedLines onError, [Values] bool gzip)
    {
        byte[] bytes = [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("one\ntwo\n")];
        files.Write("a.txt", gzip ? TemporaryFiles.Gzip(bytes) : bytes);
        Refused(new() { Path = "a.txt", OnError = onError }, "a.txt", "The file is UTF-16 (little-endian); save it as UTF-8.");
        files.Write("b.zip", gzip ? TemporaryFiles.Gzip([.. "PK"u8, 3, 4, 20, 0]) : [.. "PK"u8, 3, 4, 20, 0]);
        Refused(new() { Path = "b.zip", OnError = onError }, "b.zip", "The file is compressed (zip); unpack it.");
    }

    [TestCase("{\"text\": \"a\"}", "text")]
    [TestCase("{\"id\": 1, \"messages\": []}", "messages")]
    [TestCase("{\"prompt\": \"p\", \"rejected\": \"a\", \"chosen\": \"b\"}", "chosen")]
    public void A_line_of_a_JSON_data_set_is_no_text(string line, string field)
    {
        files.Write("a.data", $"{{a}} {{b}}\n{{\"other\": 1}}\n {line}\n");
        Refused(new() { Path = "a.data" }, "a.data:3",
            $"The line is a JSON object with \"{field}\", not a text; write one text a line, set \"format\" to \"json-lines\", or use " +
            $"the kind \"preferences\" for pairs.");
        Assert.That(Load(new() { Path = "a.data", OnError = MalformedLines.Skip }).Train.Texts,
            Is.EqualTo(new[] { "{a} {b}", "{\"other\": 1}" }));
    }

    [Test]
    public void A_share_is_held_out_by_the_seed()
    {
        var texts = Enumerable.Range(0, 100).Select(i => $"text {i}").ToArray();
        files.Write("a.txt", string.Join('\n', texts));
        var set = Load(new() { Path = "a.txt", HeldOut = 0.25 });
        Assert.That((set.Train.Texts.Count, set.HeldOut.Texts.Count), Is.EqualTo((75, 25)));
        Assert.That(set.Train.Texts.Concat(set.HeldOut.Texts), Is.EquivalentTo(texts));
        Assert.That(set.Train.Texts, Is.EqualTo(texts.Intersect(set.Train.Texts)), "the order of the file is kept");
        Assert.That(set.HeldOut.Texts, Is.Not.EqualTo(texts.TakeLast(25)));
        Assert.That(set.Summary, Is.EqualTo($"75 texts and 25 held out from {files.PathOf("a.txt")}"));
        Assert.That(Load(new() { Path = "a.txt", HeldOut = 0.25 }).HeldOut.Texts, Is.EqualTo(set.HeldOut.Texts));
        Assert.That(Load(new() { Path = "a.txt", HeldOut = 0.25, Seed = 2 }).HeldOut.Texts, Is.Not.EqualTo(set.HeldOut.Texts));
        Assert.That(Load(new() { Path = "a.txt", HeldOut = 0.001 }).HeldOut.Texts, Has.Count.EqualTo(1));
    }

    [Test]
    public void Nothing_left_for_training_is_an_error()
    {
        files.Write("a.txt", "only one\n");
        Refused(new() { Path = "a.txt", HeldOut = 0.1 }, "a.txt", "With 1 text in all, nothing would be left for training.");
    }

    [Test]
    public void A_second_file_can_be_held_out()
    {
        files.Write("a.txt", "one\ntwo\nthree\n");
        files.WriteGzip("b.txt", "four\nfive\nsix\n");
        var set = Load(new() { Path = "a.txt", HeldOutPath = "b.txt", Limit = 2 });
        Assert.That(set.Train.Texts, Is.EqualTo(new[] { "one", "two" }));
        Assert.That(set.HeldOut.Texts, Is.EqualTo(new[] { "four", "five" }));
        Assert.That(set.Summary, Is.EqualTo($"2 texts from {files.PathOf("a.txt")}; 2 held out from {files.PathOf("b.txt")} (gzip)"));
        Refused(new() { Path = "a.txt", HeldOutPath = "c.txt" }, "c.txt", "The file does not exist.");
    }

    [Test]
    public void A_share_beside_a_second_file_is_a_problem()
    {
        var problems = new TextDataOptions { Path = "a", HeldOutPath = "b", HeldOut = 0.5 }.Validate("$.data.news");
        Assert.That(problems,
            Is.EqualTo(new[] { new Problem("$.data.news.heldOut",
            "0.5 cannot be combined with \"heldOutPath\"; give one of them: a share of the file, or a second file.") }));
        Assert.That(new TextDataOptions { Path = "a", HeldOut = 0.5 }.Validate("$.data.news"), Is.Empty);
    }

    [TestCase("coco-captions/train.txt", 9000)]
    [TestCase("coco-captions/test.txt", 9000)]
    [TestCase("emnlp-news/train.txt", 7200)]
    [TestCase("emnlp-news/test.txt", 1800)]
    public void Published_texts_are_read_whole(string file, int count)
    {
        if (SharedData.Find($"data/{file}") is not { } path)
        {
            Assert.Ignore($"The shared data {file} are missing.");
            return;
        }
        var texts = Load(new() { Path = path }).Train.Texts;
        Assert.That(texts, Has.Count.EqualTo(count));
        // The README's medians: 10 words a caption, 26 a news sentence.
        Assert.That(texts.Select(text => text.Split(' ').Length).Order().ElementAt(count / 2),
            Is.EqualTo(file.StartsWith("coco", StringComparison.Ordinal) ? 10 : 26).Within(1));
    }
}
