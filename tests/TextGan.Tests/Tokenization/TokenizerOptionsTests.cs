using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using TextGan.Tokenization;

namespace TextGan.Tests.Tokenization;

public class TokenizerOptionsTests
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    static readonly object[] Kinds =
    [
        new object[] { """{"kind":"word"}""", new WordTokenizerOptions() },
        new object[]
        {
            """{"kind":"word","vocabulary":50,"minimumCount":2,"lowercase":true,"splitPunctuation":true}""",
            new WordTokenizerOptions { Vocabulary = 50, MinimumCount = 2, Lowercase = true, SplitPunctuation = true },
        },
        new object[]
        {
            """{"kind":"character","vocabulary":50,"minimumCount":2,"lowercase":true}""",
            new CharacterTokenizerOptions { Vocabulary = 50, MinimumCount = 2, Lowercase = true },
        },
        new object[] { """{"kind":"ids","vocabulary":50}""", new IdTokenizerOptions { Vocabulary = 50 } },
        new object[]
        {
            """{"kind":"bpe","vocabularyFile":"v","mergesFile":"m","endToken":"e"}""",
            new BpeTokenizerOptions { VocabularyFile = "v", MergesFile = "m", EndToken = "e" },
        },
        new object[]
        {
            """{"kind":"tiktoken","encoding":"o200k_base"}""", new TiktokenTokenizerOptions { Encoding = TiktokenEncoding.O200kBase },
        },
        new object[] { """{"kind":"sentencepiece","model":"m"}""", new SentencePieceTokenizerOptions { Model = "m" } },
    ];

    [TestCaseSource(nameof(Kinds))]
    public void Options_come_from_JSON(string json, TokenizerOptions expected) =>
        Assert.That(JsonSerializer.Deserialize<TokenizerOptions>(json, Json), Is.EqualTo(expected));

    [Test]
    public void Defaults_are_as_documented()
    {
        var word = new WordTokenizerOptions();
        Assert.That((word.Vocabulary, word.MinimumCount, word.Lowercase, word.SplitPunctuation), Is.EqualTo((10_000, 1, false, false)));
        Assert.That(new BpeTokenizerOptions().EndToken, Is.EqualTo("<|endoftext|>"));
        Assert.That(new TiktokenTokenizerOptions().Encoding, Is.EqualTo(TiktokenEncoding.Cl100kBase));
    }

    [TestCase(2, false)]
    [TestCase(3, true)]
    public void The_smallest_vocabulary_has_one_word(int vocabulary, bool isValid)
    {
        var options = new WordTokenizerOptions { Vocabulary = vocabulary };
        Assert.That(Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true),
            Is.EqualTo(isValid));
    }
}
