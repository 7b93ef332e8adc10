using TextGan.Data;
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

    /// <summary>The length is wrong on six pairs on which the discriminator is right: 2 / 2^6. A tie of either counts for neither.</summary>
    [Test]
    public void McNemarReadsWhoIsRightWhere()
    {
        var found = Fit().Compare([1, 1, 1, 3, 3, 3, 3], [1, 1, 1, 1, 1, 1, 0]).ToDictionary();
        Assert.That(found["mcNemarLength"], Is.EqualTo(2 / 64.0).Within(1e-12));
        Assert.That(found["heldOutAccuracyLength"], Is.Zero);
        Assert.That(found["mcNemarBagOfWords"], Is.EqualTo(1));
    }

    /// <summary>A run says what its preference discriminator is worth, and logs it at every evaluation.</summary>
    [Test]
    public void ARunComparesItsDiscriminators()
    {
        using var run = new SmallRun();
        var observer = new SilentObserver();
        var result = run.Run(observer, default, "evaluation.pairBaselines=true").Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        Assert.That(observer.Messages, Has.Some.Match("^helpful: right on 0\\.\\d{3} of 10 held-out pairs \\(95% interval 0\\.\\d{3} to \\d\\.\\d{3}\\); " +
            "bag of words \\d\\.\\d{3} \\(McNemar p = [\\d.]+\\), length alone \\d\\.\\d{3} \\(p = [\\d.]+\\)$"));
        var lines = SmallRun.Lines(result).Where(line => line.Values.ContainsKey("discriminator/helpful/mcNemarBagOfWords")).ToArray();
        Assert.That(lines.Select(line => line.Step), Is.EqualTo(new[] { 0, 2, 4 }));
        Assert.That(lines.Select(line => line.Values["discriminator/helpful/heldOutAccuracyBagOfWords"]).Distinct().Count(), Is.EqualTo(1));
        Assert.That(lines[0].Values.Keys, Has.None.StartsWith("discriminator/real/heldOutAccuracyBag"));
    }
}
