using System.Text;
using System.Text.Json;
using CsCheck;
using TextGan.Tests.Tokenization;
using TextGan.Tests.Tokenization.ByteLevel;
using TextGan.Tokenization;

namespace TextGan.Tests.Fuzzing;

/// <summary>Damaged tokenizer files, and stored vocabularies; what loads must encode and decode.</summary>
public class TokenizerFileFuzzTests
{
    static void Use(ITokenizer tokenizer)
    {
        // The vocabulary's size is the width of the generator's tables: a damaged id must not make them gigantic.
        Assert.That(tokenizer.VocabularySize, Is.LessThan(100_000));
        foreach (var text in (string[])["hello hello world", "ab ba! ünïcödé 漢字\n", new string('a', 5000), "</s><|endoftext|>"])
        {
            var ids = tokenizer.Encode(text);
            Assert.That(ids, Has.All.InRange(0, tokenizer.VocabularySize - 1));
            Assert.That(tokenizer.Decode([.. ids, tokenizer.EndId ?? 0, tokenizer.StartId]), Is.Not.Null);
        }
        for (var id = 0; id < tokenizer.VocabularySize; id++) Assert.That(tokenizer.TokenText(id), Is.Not.Null);
    }

    [TestCase(300), TestCase(1200, Category = "Long")]
    public void Vocabularies_and_merges(int count)
    {
        using var files = new TemporaryFiles();
        byte[] vocabulary = JsonSerializer.SerializeToUtf8Bytes(SmallBpe.Vocabulary()),
            merges = Encoding.UTF8.GetBytes(SmallBpe.Merges);
        var inputs = Gen.Select(Gen.Bool, Mutation.Of([vocabulary], "\"a\":", "\\u0120"), Mutation.Of([merges], "h e\n", "#version", "Ġ"));
        var (worked, refused) = Trial.Run(inputs, count, input =>
        {
            files.Write("vocab.json", input.Item1 ? input.Item2 : vocabulary);
            files.Write("merges.txt", input.Item1 ? merges : input.Item3);
            Use(new BpeTokenizerOptions { VocabularyFile = "vocab.json", MergesFile = "merges.txt" }.Build(
                new TokenizerContext(files.Folder, [])));
        }, input => Convert.ToBase64String(input.Item1 ? input.Item2 : input.Item3));
        Assert.That(Math.Min(worked, refused), Is.GreaterThan(count / 100));
    }

    [TestCase(300), TestCase(1200, Category = "Long")]
    public void Models(int count)
    {
        using var files = new TemporaryFiles();
        byte[][] models = [SentencePieceTokenizerTests.SmallModel(), SentencePieceTokenizerTests.SmallModel(withBytes: false),
            .. new[] { "unigram-rules", "bpe-unused", "word-no-prefix", "char-symbols" }.Select(SentencePieceModel.Bytes)];
        var (worked, refused) = Trial.Run(Mutation.Of(models, "<s>", "▁"), count, model =>
        {
            files.Write("tokenizer.model", model);
            Use(new SentencePieceTokenizerOptions { Model = "tokenizer.model" }.Build(new TokenizerContext(files.Folder, [])));
        });
        Assert.That(Math.Min(worked, refused), Is.GreaterThan(count / 100));
    }

    [TestCase(100), TestCase(800, Category = "Long")]
    public void Byte_level_files(int count)
    {
        using var files = new TemporaryFiles();
        files.Write("tokenizer_config.json", """{ "eos_token": "<|endoftext|>" }""");
        byte[][] seeds = [.. new[] { TinyTokenizer.Gpt2(), TinyTokenizer.Llama3() }
            .Select(file => Encoding.UTF8.GetBytes(file.ToJsonString()))];
        var (worked, refused) = Trial.Run(Mutation.Of(seeds, "null", "true", "\\ud800", "\"id\":"), count, file =>
        {
            files.Write("tokenizer.json", file);
            Use(new PretrainedTokenizerOptions { Path = "." }.Build(new TokenizerContext(files.Folder, [])));
        });
        Assert.That(Math.Min(worked, refused), Is.GreaterThan(count / 100));
    }

    [TestCase(200), TestCase(800, Category = "Long")]
    public void Stored_vocabularies(int count)
    {
        using var files = new TemporaryFiles();
        var words = WordTokenizer.Fit(["hello world, a b c"], splitPunctuation: true).FittedVocabulary;
        var characters = CharacterTokenizer.Fit(["hello wörld 漢"]).FittedVocabulary;
        var inputs = Gen.Select(
            Gen.Bool, Mutation.Of([JsonSerializer.SerializeToUtf8Bytes(words), JsonSerializer.SerializeToUtf8Bytes(characters)], "\"\",",
            "null,", "\"a b\","));
        Trial.Run(inputs, count, input =>
        {
            var read = TextGan.Runs.StoredVocabulary.Read(files.Write("vocabulary.json", input.Item2));
            Use(input.Item1 ? new WordTokenizerOptions { SplitPunctuation = true }.Build(new TokenizerContext(files.Folder, [], read))
                : new CharacterTokenizerOptions().Build(new TokenizerContext(files.Folder, [], read)));
        }, input => Encoding.UTF8.GetString(input.Item2));
    }

    /// <summary>tiktoken's encodings come with the program and have no file; what can be wrong is the text.</summary>
    [TestCase(100), TestCase(400, Category = "Long")]
    public void Texts_for_tiktoken(int count)
    {
        var tokenizer = new TiktokenTokenizerOptions().Build(new TokenizerContext(".", []));
        Trial.Run(Mutation.Of([Encoding.Unicode.GetBytes("hello <|endoftext|> ünïcödé 漢字 \U0001F600")]), count, bytes =>
        {
            var text = new string(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, char>(bytes));
            Assert.That(tokenizer.Encode(text), Has.All.InRange(0, tokenizer.VocabularySize - 1).And.None.EqualTo(tokenizer.EndId));
        });
    }

    [Test]
    public void Files_without_end_are_refused_soon()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("needs /dev/zero");
        var context = new TokenizerContext("/", []);
        Trial.Run(Gen.Int[0, 1], 2, which =>
            Use(which == 0 ? new SentencePieceTokenizerOptions { Model = "/dev/zero" }.Build(context)
            : new BpeTokenizerOptions { VocabularyFile = "/dev/zero", MergesFile = "/dev/zero" }.Build(context)));
    }
}
