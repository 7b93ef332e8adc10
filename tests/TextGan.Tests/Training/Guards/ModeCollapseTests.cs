using TextGan.Tokenization;
using TextGan.Training;
using TextGan.Training.Guards;
using static TorchSharp.torch;

namespace TextGan.Tests.Training.Guards;

/// <summary>What the guard finds in samples by its default options, against real texts of several kinds.</summary>
public sealed class ModeCollapseTests
{
    const int Length = 12;

    static readonly string[] Words = [.. Enumerable.Range(0, 200).Select(i => $"w{i}")];

    /// <summary>Texts of ten words, all different but for a chance of nothing.</summary>
    static string[] Different(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(
            _ => string.Join(' ', Enumerable.Range(0, 10).Select(_ => Words[random.Next(Words.Length)])))];
    }

    static string? Find(string[] real, string[] samples, ModeCollapseGuardOptions? options = null)
    {
        using var scope = NewDisposeScope();
        var encoder = new TextEncoder(WordTokenizer.Restore(["<end>", "<unk>", .. Words]), Length);
        using var rows = new MemoryRows(encoder.Encode(real));
        return new ModeCollapse(options ?? new(), new RealTexts(rows, encoder, seed: 1)).Find(encoder.Rows(encoder.Encode(samples)));
    }

    static string[] Drawn(string[] texts, int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => texts[random.Next(texts.Length)])];
    }

    [Test]
    public void FindsOneShortTextOverAndOver()
    {
        var found = Find(Different(3000, 1), [.. Enumerable.Repeat("w1", 499), "w2 w3"]);
        // Of 500 texts drawn from 3,000 some 8% are drawn again: 1 - 3000 (1 - exp(-500/3000)) / 500.
        Assert.That(found, Does.Match(
            @"^one text makes up 99\.8% of 500 samples \(the commonest of as many real texts 0\.[468]%\), over 5%; " +
            @"99\.6% of 500 samples repeat an earlier one \(of as many real texts [789](\.\d)?%\), over 3[789](\.\d)?%,$"),
                "distinct-2 says nothing: its only pair is different from all others");
    }

    [Test]
    public void FindsFiftyEqualSentences() =>
        Assert.That(Find(Different(3000, 1), [.. Enumerable.Repeat(Different(1, 5)[0], 50)]),
            Does.Match(@"^one text makes up 100% of 50 samples \(the commonest of as many real texts [24]%\), over [12]0%; " +
                @"98% of 50 samples repeat an earlier one \(of as many real texts [02]%\), over 3[02]%,$"));

    /// <summary>45 texts that come about eleven times each: none is common, and 91% repeat an earlier one.</summary>
    [Test]
    public void FindsDuplicatesWhereNoTextIsCommon()
    {
        var few = Different(45, 7);
        var found = Find(Different(3000, 1), [.. Enumerable.Range(0, 500).Select(i => few[i % 45])]);
        Assert.That(found, Does.Match(
            @"^91% of 500 samples repeat an earlier one \(of as many real texts [789](\.\d)?%\), over 3[789](\.\d)?%,$"));
    }

    [Test]
    public void FindsWhatItFoundBefore() =>
        Assert.That(Find(["w1 w1 w1 w1 w1 w1 w1 w1 w1 w1"], [.. Enumerable.Repeat("w1 w1 w1 w1 w1 w1 w1 w1 w1 w1", 500)]),
            Is.EqualTo("distinct-2 of the evaluation's texts is 0.0002222, under 0.01,"));

    [TestCase(19, false)]
    [TestCase(20, true)]
    public void JudgesFromTwentySamplesOn(int count, bool finds) =>
        Assert.That(Find(Different(3000, 1), [.. Enumerable.Repeat("w1", count)]) is not null, Is.EqualTo(finds));

    /// <summary>A perfect generator of these data is never a collapse, however few texts they have and however few are drawn.</summary>
    [Test]
    public void DoesNotBlameTheDataFor([Values(1, 2, 3, 12, 127, 500, 3000)] int texts, [Values(20, 50, 500)] int samples,
        [Values(1, 2, 3)] int seed)
    {
        var real = Different(texts, 1);
        Assert.That(Find(real, Drawn(real, samples, seed), new ModeCollapseGuardOptions { Minimum = 0 }), Is.Null);
    }

    /// <summary>"w1" is a tenth of the data.</summary>
    [TestCase(0.1, false)]
    [TestCase(0.35, false)]
    [TestCase(0.9, true)]
    public void MeasuresACommonTextAgainstItsShareInTheData(double share, bool finds)
    {
        string[] real = [.. Different(2700, 1), .. Enumerable.Repeat("w1", 300)];
        var count = (int)(500 * share);
        Assert.That(Find(real, [.. Enumerable.Repeat("w1", count), .. Different(500 - count, 9)]) is not null, Is.EqualTo(finds));
    }

    [Test]
    public void FindsOneOfThreeLinesThatIsAlmostAll()
    {
        var real = Different(3, 1);
        Assert.That(Find(real, [.. Enumerable.Repeat(real[0], 49), real[1]]), Does.StartWith("one text makes up 98% of 50 samples"));
    }

    [Test]
    public void EmptySamplesAreTextsToo() =>
        Assert.That(Find(Different(3000, 1), [.. Enumerable.Repeat("", 30), .. Different(470, 9)]),
            Does.StartWith("one text makes up 6% of 500 samples (the commonest of as many real texts 0.").And.EndsWith("%), over 5%,"));

    [Test]
    public void LimitsCanBeLeftOut() =>
        Assert.That(Find(Different(3000, 1), [.. Enumerable.Repeat("w1", 500)],
            new ModeCollapseGuardOptions { Commonest = 1, Duplicates = 1 }), Is.Null);
}
