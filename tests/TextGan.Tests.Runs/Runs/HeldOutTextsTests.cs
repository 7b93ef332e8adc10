using TextGan.Runs;

namespace TextGan.Tests.Runs;

public class HeldOutTextsTests
{
    static HeldOutTexts Of(int most, params IEnumerable<string> texts)
    {
        var result = new HeldOutTexts(most);
        foreach (var text in texts) result.Add(HeldOutTexts.HashOf(text));
        return result;
    }

    static void LookUp(HeldOutTexts texts, params IEnumerable<string> training)
    {
        foreach (var text in training) texts.LookUp(HeldOutTexts.HashOf(text));
    }

    [Test]
    public void Each_held_out_text_counts_once_for_each_time_it_is_held_out()
    {
        var texts = Of(100, "a", "b", "a", "c");
        LookUp(texts, "a", "d", "a", "c", "A", "a ");
        Assert.That((texts.Found, texts.Count, texts.IsSample), Is.EqualTo((3L, 4L, false)), "a twice, c once");
        texts.Forget();
        LookUp(texts, "b");
        Assert.That(texts.Found, Is.EqualTo(1));
    }

    /// <summary>A fifth is contained; of 20,000 texts 512 to 1,024 are kept, whose share has a deviation of at most 0.018.</summary>
    [Test]
    public void More_texts_than_are_kept_give_about_the_same_share()
    {
        var texts = Of(1024, Enumerable.Range(0, 20_000).Select(i => $"text {i}"));
        LookUp(texts, Enumerable.Range(16_000, 50_000).Select(i => $"text {i}"));
        Assert.That(texts.IsSample);
        Assert.That(texts.Count, Is.InRange(400, 1024));
        Assert.That((double)texts.Found / texts.Count, Is.EqualTo(0.2).Within(5 * 0.018));
    }
}
