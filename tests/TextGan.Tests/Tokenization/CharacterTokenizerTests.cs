using CsCheck;
using TextGan.Tokenization;

namespace TextGan.Tests.Tokenization;

public class CharacterTokenizerTests
{
    static ITokenizer Build(CharacterTokenizerOptions options, params string[] texts) => options.Build(new TokenizerContext("", texts));

    [Test]
    public void The_vocabulary_is_by_frequency_and_then_ordinal()
    {
        var tokenizer = Build(new(), "🦜🦜b a", "🦜 ");
        Assert.That(tokenizer.FittedVocabulary, Is.EqualTo(new[] { "<end>", "<unk>", "🦜", " ", "a", "b" }));
        Assert.That(tokenizer.Encode("b🦜 x"), Is.EqualTo(new[] { 5, 2, 3, 1 }));
        Assert.That(tokenizer.Decode([0, 5, 2, 3, 1, 0]), Is.EqualTo("b🦜 \uFFFD"));
        Assert.That((tokenizer.VocabularySize, tokenizer.StartId, tokenizer.EndId, tokenizer.UnknownId),
            Is.EqualTo((6, 0, (int?)0, (int?)1)));
    }

    [Test]
    public void Limit_count_and_case_are_obeyed()
    {
        Assert.That(Build(new() { Vocabulary = 3 }, "aab").FittedVocabulary, Is.EqualTo(new[] { "<end>", "<unk>", "a" }));
        Assert.That(Build(new() { MinimumCount = 2 }, "aab").FittedVocabulary, Is.EqualTo(new[] { "<end>", "<unk>", "a" }));
        Assert.That(Build(new() { Lowercase = true }, "aAB").FittedVocabulary, Is.EqualTo(new[] { "<end>", "<unk>", "a", "b" }));
    }

    [Test]
    public void Decoding_gives_the_text_and_the_stored_vocabulary_the_tokenizer() =>
        Gen.Select(RandomText.Unicode.Array[1, 4], RandomText.Unicode).Sample((texts, other) =>
    {
        if (texts.All(text => text.Length == 0)) return;
        var tokenizer = Build(new(), texts);
        var again = new CharacterTokenizerOptions().Build(new TokenizerContext("", [], tokenizer.FittedVocabulary));
        foreach (var text in texts) Assert.That(tokenizer.Decode(tokenizer.Encode(text)), Is.EqualTo(text));
        Assert.That(again.Encode(other), Is.EqualTo(tokenizer.Encode(other)));
        Assert.That(again.FittedVocabulary, Is.EqualTo(tokenizer.FittedVocabulary));
    }, iter: 1000);

    [Test]
    public void Half_a_surrogate_pair_is_the_replacement_character() =>
        Assert.That(Build(new(), "\uFFFDab").Encode("a\uDC00b\uD800"), Is.EqualTo(new[] { 2, 4, 3, 4 }));

    [Test]
    public void Tokens_that_do_not_show_are_written_out()
    {
        var tokenizer = Build(new(), " \n\u0001a");
        Assert.That(Enumerable.Range(0, 6).Select(tokenizer.TokenText),
            Is.EqualTo(new[] { "<end>", "<unk>", "<U+0001>", "\\n", "␣", "a" }));
    }

    [TestCase("<end>;<unk>;ab", "stored vocabulary: The entry 2 (\"ab\") is no character.")]
    [TestCase("<end>;<unk>;a;a", "stored vocabulary: The entries 2 and 3 are both \"a\".")]
    public void A_damaged_stored_vocabulary_is_refused(string vocabulary, string message) =>
        Assert.That(() => new CharacterTokenizerOptions().Build(new TokenizerContext("", [], vocabulary.Split(';'))),
            Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(message));

    [Test]
    public void Nothing_to_learn_from_is_an_error() => Assert.That(() => Build(new(), "", ""),
        Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(
            "$.tokenizer: No character occurs at least 1 time in the training texts, so there is nothing to learn a vocabulary from."));
}
