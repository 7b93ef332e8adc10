using TextGan.Data;
using TextGan.Tests.Metrics;
using TextGan.Tests.Runs;
using TextGan.Tokenization;
using TextGan.Training;

namespace TextGan.Tests.Training;

public sealed class PairBaselinesTests
{
    static readonly TextEncoder Encoder = new(WordTokenizer.Restore(["<end>", "<unk>", "good", "bad", "word", "other"]), 5);

    /// <summary>
    /// In training the chosen text has "good" or lacks "bad", and is the shorter one. Of the held-out pairs (the fourth, whose texts are
    /// equal, is left out) the bag of words is right on all, the length on the first and the third, not on those where the chosen text is
    /// the longer one.
    /// </summary>
    static PairBaselines Fit() => PairBaselines.Fit(new DataSet("pairs",
        new DataSplit(["good", "word good", "word"], ["bad word other", "bad word other", "bad word other"]),
        new DataSplit(["good", "word good word", "word", "same", "good other word"],
            ["bad word word", "bad word", "other other", "same", "bad bad"]), ""), Encoder);

    [Test]
    public void SimpleJudgesOfTheSamePairs()
    {
        // The discriminator is right on all but the last.
        var found = Fit().Compare([0, 1, 3], [1, 1, -1]).ToDictionary();
        Assert.That(found["heldOutAccuracyBagOfWords"], Is.EqualTo(1));
        Assert.That(found["heldOutAccuracyLength"], Is.EqualTo(1 / 3.0).Within(1e-12));
        Assert.That(found["mcNemarBagOfWords"], Is.EqualTo(1), "they differ on one pair");
        Assert.That(found["mcNemarLength"], Is.EqualTo(1), "they differ on one pair");
    }

    /// <summary>
    /// The length is wrong on six pairs on which the discriminator is right: 2 / 2^6. A tie of either counts for neither.
    /// </summary>
    [Test]
    public void McNemarReadsWhoIsRightWhere()
    {
        var found = Fit().Compare([1, 1, 1, 3, 3, 3, 3], [1, 1, 1, 1, 1, 1, 0]).ToDictionary();
        Assert.That(found["mcNemarLength"], Is.EqualTo(2 / 64.0).Within(1e-12));
        Assert.That(found["heldOutAccuracyLength"], Is.Zero);
        Assert.That(found["mcNemarBagOfWords"], Is.EqualTo(1));
    }

    /// <summary>
    /// The control token of a template is one token, so that the texts, which differ in their third one, are not cut before it; and a text
    /// that a model drew keeps its ids.
    /// </summary>
    [Test]
    public void PairsAreThoseThatDiscriminatorsRead()
    {
        var prompt = ControlText.Token("<q>");
        var templated = new DataSplit(["1 2 3", "4"], ["1 2 4", "4"], [prompt, prompt]) { HasControls = true };
        var drawn = new DataSplit(["1 1 2", "4"], ["1 1 2", "3"]) { Drawn = [[5, 2], [4]], DrawnRejected = [[1, 1, 2], [3]] };
        foreach (var (split, count) in new[] { (templated, 1), (drawn, 2) })
        {
            var encoder = new TextEncoder(new ControlTokenizer(), 4);
            using var side = EncodedSide.Of(split, encoder);
            Assert.That(side.Texts.Count, Is.EqualTo(count));
            var baselines = PairBaselines.Fit(new DataSet("pairs", split, split, ""), encoder);
            Assert.That(() => baselines.Compare([count - 1], [1]).ToList(), Throws.Nothing);
            Assert.That(() => baselines.Compare([count], [1]).ToList(), Throws.TypeOf<IndexOutOfRangeException>());
        }
    }

    /// <summary>A run says what its preference discriminator is worth, and logs it at every evaluation.</summary>
    [Test]
    public void ARunComparesItsDiscriminators()
    {
        using var run = new SmallRun();
        var observer = new SilentObserver();
        var result = run.Run(observer, default, "evaluation.pairBaselines=true").Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        Assert.That(observer.Messages, Has.Some.Match(
            "^helpful: right on 0\\.\\d{3} of 10 held-out pairs \\(95% interval 0\\.\\d{3} to \\d\\.\\d{3}\\); " +
            "bag of words \\d\\.\\d{3} \\(McNemar p = [\\d.]+\\), length alone \\d\\.\\d{3} \\(p = [\\d.]+\\)$"));
        var lines = SmallRun.Lines(result).Where(line => line.Values.ContainsKey("discriminator/helpful/mcNemarBagOfWords")).ToArray();
        Assert.That(lines.Select(line => line.Step), Is.EqualTo(new[] { 0, 2, 4 }));
        Assert.That(lines.Select(line => line.Values["discriminator/helpful/heldOutAccuracyBagOfWords"]).Distinct().Count(), Is.EqualTo(1));
        Assert.That(lines[0].Values.Keys, Has.None.StartsWith("discriminator/real/heldOutAccuracyBag"));
    }
}
