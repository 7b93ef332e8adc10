using CsCheck;
using TextGan.Tokenization;

namespace TextGan.Tests.Tokenization;

[TestFixture(TiktokenEncoding.Cl100kBase)]
[TestFixture(TiktokenEncoding.O200kBase)]
public class TiktokenTokenizerTests(TiktokenEncoding encoding)
{
    readonly ITokenizer tokenizer = new TiktokenTokenizerOptions { Encoding = encoding }.Build(new TokenizerContext("", []));

    // "hello world" is in the examples of OpenAI's tiktoken; sizes and end tokens are in its openai_public.py.
    [Test]
    public void Published_ids_come_out()
    {
        var isSmall = encoding == TiktokenEncoding.Cl100kBase;
        Assert.That(tokenizer.Encode("hello world"), Is.EqualTo(isSmall ? new[] { 15339, 1917 } : [24912, 2375]));
        Assert.That(tokenizer.VocabularySize, Is.EqualTo(isSmall ? 100_277 : 200_019));
        Assert.That((tokenizer.StartId, tokenizer.EndId), Is.EqualTo(isSmall ? (100_257, (int?)100_257) : (199_999, 199_999)));
        Assert.That((tokenizer.UnknownId, tokenizer.FittedVocabulary), Is.EqualTo(((int?)null, (IReadOnlyList<string>?)null)));
    }

    [Test]
    public void Every_text_comes_back() => RandomText.Unicode.Sample(text =>
    {
        var ids = tokenizer.Encode(text);
        Assert.That(tokenizer.Decode([tokenizer.StartId, .. ids, tokenizer.EndId!.Value]), Is.EqualTo(text));
        Assert.That(ids.Max(id => (int?)id) ?? 0, Is.LessThan(tokenizer.EndId.Value));
    }, iter: 1000);

    [Test]
    public void A_special_token_in_a_text_is_ordinary_text()
    {
        // As tiktoken's encode_ordinary gives it for the older encodings: "<", "|", "end", "of", "text", "|", ">".
        var pieces = tokenizer.Encode("a <|endoftext|> b").Select(tokenizer.TokenText).ToArray();
        Assert.That(string.Concat(pieces), Is.EqualTo("a␣<|endoftext|>␣b"));
        Assert.That(tokenizer.Encode("<|endoftext|>").Select(tokenizer.TokenText).TakeLast(2), Is.EqualTo(new[] { "|", ">" }));
        Assert.That(tokenizer.Encode("endoftext"),
            Is.EqualTo(tokenizer.Encode("<|endoftext|>").SkipLast(2).TakeLast(tokenizer.Encode("endoftext").Count)));
        Assert.That(tokenizer.TokenText(tokenizer.EndId!.Value), Is.EqualTo("<|endoftext|>"));
    }

    [Test]
    public void Any_id_can_be_decoded_and_shown()
    {
        Gen.Int[0, tokenizer.VocabularySize - 1].Array[0, 10].Sample(ids =>
        {
            tokenizer.Decode(ids);
            foreach (var id in ids) Assert.That(tokenizer.TokenText(id), Is.Not.Empty);
        }, iter: 200);
        Assert.That(tokenizer.TokenText(tokenizer.EndId!.Value + 15), Is.EqualTo($"<unused {tokenizer.EndId.Value + 15}>"));
        Assert.That(() => tokenizer.Decode([tokenizer.VocabularySize]), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_very_long_word_comes_back_in_reasonable_time()
    {
        var text = new string('a', 200_000) + new string(' ', 20_000) + string.Concat(Enumerable.Repeat("🦜", 5_000));
        Assert.That(tokenizer.Decode(tokenizer.Encode(text)), Is.EqualTo(text));
    }
}
