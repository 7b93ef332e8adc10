using CsCheck;
using TextGan.Tokenization;

namespace TextGan.Tests.Tokenization;

public class IdTokenizerTests
{
    static readonly ITokenizer Tokenizer = new IdTokenizerOptions { Vocabulary = 100 }.Build(new TokenizerContext("", []));

    [Test]
    public void Numbers_are_ids_and_zero_is_an_ordinary_one()
    {
        Assert.That(Tokenizer.Encode(" 7 0\t99 0 "), Is.EqualTo(new[] { 7, 0, 99, 0 }));
        Assert.That(Tokenizer.Decode([7, 0, 99, 0]), Is.EqualTo("7 0 99 0"));
        Assert.That((Tokenizer.VocabularySize, Tokenizer.StartId, Tokenizer.EndId, Tokenizer.UnknownId, Tokenizer.FittedVocabulary),
            Is.EqualTo((100, 0, (int?)null, (int?)null, (IReadOnlyList<string>?)null)));
        Assert.That(new IdTokenizerOptions().Vocabulary, Is.EqualTo(5000));
    }

    [Test]
    public void Encoding_and_decoding_are_inverse() => Gen.Int[0, 99].Array[0, 30].Sample(ids =>
    {
        Assert.That(Tokenizer.Encode(Tokenizer.Decode(ids)), Is.EqualTo(ids));
    });

    [TestCase("1 100 2", "100")]
    [TestCase("1 -1", "-1")]
    [TestCase("1 x2", "x2")]
    [TestCase("1.0", "1.0")]
    [TestCase("99999999999999999999", "99999999999999999999")]
    [TestCase("٣", "٣")]
    public void Anything_else_is_refused(string text, string found) => Assert.That(() => Tokenizer.Encode(text),
        Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(
            $"$.tokenizer: The text \"{text}\" has \"{found}\" where a token id from 0 to 99 is expected."));

    [Test]
    public void Ids_out_of_range_are_not_decoded() =>
        Assert.That(() => Tokenizer.Decode([100]), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
