using System.Text.Json;
using CsCheck;
using TextGan.Tokenization;

namespace TextGan.Tests.Tokenization;

public sealed class BpeTokenizerTests : FileTests
{
    ITokenizer Build(Dictionary<string, int> vocabulary, string merges = SmallBpe.Merges) =>
        Build(JsonSerializer.Serialize(vocabulary), merges);

    ITokenizer Build(string vocabulary, string merges)
    {
        files.Write("vocab.json", vocabulary);
        files.Write("merges.txt", merges);
        return new BpeTokenizerOptions { VocabularyFile = "vocab.json", MergesFile = "merges.txt" }.Build(
            new TokenizerContext(files.Folder, []));
    }

    [Test]
    public void Merges_are_applied_in_their_order()
    {
        var tokenizer = Build(SmallBpe.Vocabulary());
        // "hello" 259; " " with "hello" 261; " w" 260 then o r l d as bytes; "hell" 258, "hel": he 256 + l
        Assert.That(tokenizer.Encode("hello hello world"), Is.EqualTo(new[] { 259, 261, 260, 'o', 'r', 'l', 'd' }));
        Assert.That(tokenizer.Encode("hell hel"), Is.EqualTo(new[] { 258, 32, 256, 'l' }));
        Assert.That((tokenizer.VocabularySize, tokenizer.StartId, tokenizer.EndId, tokenizer.UnknownId),
            Is.EqualTo((263, 262, (int?)262, (int?)null)));
        Assert.That(tokenizer.TokenText(261), Is.EqualTo("Ġhello"));
        Assert.That(tokenizer.FittedVocabulary, Is.Null);
    }

    [Test]
    public void A_misspelt_literal_is_not_shown_with_all_that_follows() =>
        Assert.That(() => Build("{\"a\": fulse" + new string('x', 20_000), SmallBpe.Merges), Throws.TypeOf<InvalidInputException>()
            .With.Message.Length.LessThan(500).And.Message.Contains("The file is not valid JSON: 'fulsexxx")
            .And.Message.Contains("xxx…xxx").And.Message.Contains("is an invalid JSON literal. Expected the literal 'false'."));

    [Test]
    public void Files_are_UTF8_with_any_line_ends()
    {
        var tokenizer = Build("\uFEFF" + JsonSerializer.Serialize(SmallBpe.Vocabulary()), "\uFEFF" + SmallBpe.Merges.Replace('\n', '\r'));
        Assert.That(tokenizer.Encode("hello"), Is.EqualTo(new[] { 259 }));
        files.Write("merges.txt", System.Text.Encoding.BigEndianUnicode.GetBytes(SmallBpe.Merges));
        var options = new BpeTokenizerOptions { VocabularyFile = "vocab.json", MergesFile = "merges.txt" };
        Assert.That(() => options.Build(new TokenizerContext(files.Folder, [])), Throws.TypeOf<InvalidInputException>()
            .With.Message.EqualTo($"{files.PathOf("merges.txt")}: The file is UTF-16 (big-endian); save it as UTF-8."));
        files.WriteGzip("vocab.json", JsonSerializer.Serialize(SmallBpe.Vocabulary()));
        Assert.That(() => options.Build(new TokenizerContext(files.Folder, [])), Throws.TypeOf<InvalidInputException>()
            .With.Message.EqualTo($"{files.PathOf("vocab.json")}: The file is compressed (gzip); unpack it."));
    }

    [Test]
    public void Every_text_comes_back()
    {
        var tokenizer = Build(SmallBpe.Vocabulary());
        RandomText.Unicode.Sample(text =>
        {
            var ids = tokenizer.Encode(text);
            Assert.That(tokenizer.Decode([262, .. ids, 262]), Is.EqualTo(text));
            Assert.That(ids, Has.None.EqualTo(262));
        }, iter: 2000);
    }

    [Test]
    public void Any_ids_can_be_decoded()
    {
        var tokenizer = Build(SmallBpe.Vocabulary());
        Gen.Int[0, 262].Array[0, 20].Sample(ids => { Assert.That(UnicodeIsWellFormed(tokenizer.Decode(ids))); });
        Assert.That(tokenizer.Decode([0xF0, 0x9F, 'a']), Is.EqualTo("\uFFFDa"));
        Assert.That(() => tokenizer.Decode([263]), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    static bool UnicodeIsWellFormed(string text) => text.EnumerateRunes().Sum(rune => rune.Utf16SequenceLength) == text.Length
        && new System.Text.UTF8Encoding(false, true).GetByteCount(text) >= 0;

    [Test]
    public void A_very_long_word_comes_back_in_reasonable_time()
    {
        var tokenizer = Build(SmallBpe.Vocabulary());
        var text = string.Concat(Enumerable.Repeat("hellohe🦜", 20_000));
        Assert.That(tokenizer.Decode(tokenizer.Encode(text)), Is.EqualTo(text));
    }

    [Test]
    public void Half_a_surrogate_pair_is_the_replacement_character()
    {
        var tokenizer = Build(SmallBpe.Vocabulary());
        Assert.That(tokenizer.Decode(tokenizer.Encode("a\uD800b\uDC00")), Is.EqualTo("a\uFFFDb\uFFFD"));
    }

    [Test]
    public void Ids_without_a_token_are_shown_and_passed_over()
    {
        var vocabulary = SmallBpe.Vocabulary();
        vocabulary["<|endoftext|>"] = 300;
        var tokenizer = Build(vocabulary);
        Assert.That((tokenizer.VocabularySize, tokenizer.TokenText(299)), Is.EqualTo((301, "<unused 299>")));
        Assert.That(tokenizer.Decode([259, 299, 300]), Is.EqualTo("hello"));
    }

    void Refused(string vocabulary, string merges, string file, string message) => Assert.That(() => Build(vocabulary, merges),
        Throws.TypeOf<InvalidInputException>().With.Message.EqualTo($"{files.PathOf(file)}: {message}"));

    static string Json(Action<Dictionary<string, int>> change)
    {
        var vocabulary = SmallBpe.Vocabulary();
        change(vocabulary);
        return JsonSerializer.Serialize(vocabulary);
    }

    [Test]
    public void A_damaged_vocabulary_is_refused()
    {
        Refused("[1]", SmallBpe.Merges, "vocab.json", "The file is not a JSON object from token to id.");
        Refused("{\"a\": 1.5}", SmallBpe.Merges, "vocab.json",
            "The token \"a\" has the id 1.5; a whole number from 0 to 9999999 is expected.");
        Refused("{\"a\": -1}", SmallBpe.Merges, "vocab.json",
            "The token \"a\" has the id -1; a whole number from 0 to 9999999 is expected.");
        Refused("{\"a\": 2000000000}", SmallBpe.Merges, "vocab.json",
            "The token \"a\" has the id 2000000000; a whole number from 0 to 9999999 is expected.");
        Refused("{\"a\": \"x\"}", SmallBpe.Merges, "vocab.json",
            "The token \"a\" has the id \"x\"; a whole number from 0 to 9999999 is expected.");
        Refused("{\"a\": 1, \"a\": 2}", SmallBpe.Merges, "vocab.json", "The token \"a\" occurs twice.");
        Refused("{\"a\": 1, \"b\": 1}", SmallBpe.Merges, "vocab.json", "The tokens \"a\" and \"b\" have the same id 1.");
        Refused(Json(vocabulary => vocabulary.Remove("<|endoftext|>")), SmallBpe.Merges, "vocab.json",
            "The vocabulary has no token \"<|endoftext|>\", which the options name as the end token.");
        Refused(Json(vocabulary => vocabulary.Remove("z")), SmallBpe.Merges, "vocab.json",
            "The vocabulary has no token \"z\" (U+007A); a byte-level vocabulary has one for each of the 256 bytes.");
        Assert.That(() => Build("{\"a\": 1", SmallBpe.Merges),
            Throws.TypeOf<InvalidInputException>().With.Message.StartsWith($"{files.PathOf("vocab.json")}: The file is not valid JSON: "));
        Assert.That(() => Build("{\"\\ud800\": 1}", SmallBpe.Merges),
            Throws.TypeOf<InvalidInputException>().With.Message.StartsWith($"{files.PathOf("vocab.json")}: The file is not valid JSON: "));
    }

    [Test]
    public void Damaged_merges_are_refused()
    {
        var vocabulary = Json(_ => { });
        Refused(vocabulary, "#version: 0.2\nh e\nhello\n", "merges.txt:3",
            "The line \"hello\" is not a merge; two tokens separated by one blank are expected.");
        Refused(vocabulary, "h e x", "merges.txt:1", "The line \"h e x\" is not a merge; two tokens separated by one blank are expected.");
        Refused(vocabulary, "h e\nh q", "merges.txt:2", "The merge \"h q\" needs the token \"hq\", which the vocabulary does not have.");
        Refused(Json(changed => { changed["<|endoftext|"] = 400; }), "h e\n<|endoftext| >\n", "merges.txt:2",
            "The merge \"<|endoftext| >\" makes the end token \"<|endoftext|>\", which ordinary text must not become.");
        files.Write("merges.txt", [0x68, 0xFF, 0x20]);
        Assert.That(() => new BpeTokenizer(files.Write("vocab.json", vocabulary), files.PathOf("merges.txt"), "<|endoftext|>"),
            Throws.TypeOf<InvalidInputException>().With.Message.EqualTo($"{files.PathOf("merges.txt")}: The file is not valid UTF-8."));
    }

    [Test]
    public void Missing_files_are_named()
    {
        var options = new BpeTokenizerOptions { VocabularyFile = "none.json", MergesFile = "none.txt" };
        Assert.That(() => options.Build(new TokenizerContext(files.Folder, [])),
            Throws.TypeOf<InvalidInputException>().With.Message.EqualTo($"{files.PathOf("none.json")}: The file does not exist."));
        files.Write("vocab.json", Json(_ => { }));
        Assert.That(() => (options with { VocabularyFile = "vocab.json" }).Build(new TokenizerContext(files.Folder, [])),
            Throws.TypeOf<InvalidInputException>().With.Message.EqualTo($"{files.PathOf("none.txt")}: The file does not exist."));
    }
}
