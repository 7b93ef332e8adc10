using TextGan.Tokenization;

namespace TextGan.Tests.Tokenization;

public class EncodedTextCountsTests
{
    [Test]
    public void Counts_what_is_cut_and_what_is_unknown_in_the_rest()
    {
        var encoder = new TextEncoder(WordTokenizer.Restore(["<end>", "<unk>", "a", "b"]), 3);
        var counts = Counted(encoder, "a b", "a b x", "a x b x", "x", "");
        Assert.That((counts.Count, counts.Cut, counts.Full), Is.EqualTo((5, 1, 1)),
            "of three tokens nothing is cut, but there is no room for an end");
        Assert.That(counts.Empty, Is.EqualTo(1));
        Assert.That((counts.Tokens, counts.Unknown), Is.EqualTo((2 + 3 + 3 + 1, 0 + 1 + 1 + 1)),
            "the fourth token of the third text is in no row");
    }

    [Test]
    public void Texts_without_an_end_have_none_to_miss()
    {
        var counts = Counted(new TextEncoder(new IdTokenizer(9), 2), "1 2", "3 4 5");
        Assert.That((counts.Cut, counts.Full, counts.Unknown), Is.EqualTo((1, 0, 0)));
    }

    [Test]
    public void Tokens_that_only_cut_away_text_has_are_found()
    {
        var encoder = new TextEncoder(WordTokenizer.Restore(["<end>", "<unk>", "a", "b", "c", "d"]), 2);
        var use = new VocabularyUse(encoder);
        foreach (var text in (string[])["a a b c", "c a", "b"]) use.Add(encoder.EncodeRow(text, new long[2]));
        Assert.That(use.OnlyCutAway, Is.Zero, "b and c have a place elsewhere, d occurs nowhere");
        use.Add(encoder.EncodeRow("a a d d", new long[2]));
        Assert.That(use.OnlyCutAway, Is.EqualTo(1));
    }

    static EncodedTextCounts Counted(TextEncoder encoder, params string[] texts)
    {
        var counts = new EncodedTextCounts(encoder);
        foreach (var text in texts) counts.Add(encoder.EncodeRow(text, new long[encoder.Length]));
        return counts;
    }
}
