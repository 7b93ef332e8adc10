using TextGan.Metrics;

namespace TextGan.Tests.Metrics;

public sealed class WilsonIntervalTests
{
    /// <summary>Newcombe (Statistics in Medicine 17, 1998), table I, method 3: the score method without a continuity correction.</summary>
    [TestCase(81, 263, 0.2553, 0.3662)]
    [TestCase(15, 148, 0.0624, 0.1605)]
    [TestCase(0, 20, 0.0000, 0.1611)]
    [TestCase(1, 29, 0.0061, 0.1718)]
    public void AsPublished(int right, int count, double low, double high)
    {
        var found = WilsonInterval.Of((double)right / count, count);
        Assert.That((found.Low, found.High), Is.EqualTo((low, high)).Within(5e-5));
    }

    /// <summary>Agresti and Coull, The American Statistician 52 (1998): 0 of 10 gives 0 to .278. The others by R's prop.test without
    /// correction.</summary>
    [TestCase(0, 10, 0, 0.27753)]
    [TestCase(5, 10, 0.23659, 0.76341)]
    [TestCase(10, 10, 0.72247, 1)]
    [TestCase(98, 1000, 0.08109, 0.11799)]
    public void IntervalsAreWilsons(int holding, int count, double low, double high)
    {
        var (found, upper) = WilsonInterval.Of((double)holding / count, count);
        Assert.That(found, Is.EqualTo(low).Within(1e-5));
        Assert.That(upper, Is.EqualTo(high).Within(1e-5));
    }

    /// <summary>Newcombe (Statistics in Medicine 17, 1998), the comparison of eleven methods, table II: method 10.</summary>
    [TestCase(56, 70, 48, 80, 0.0524, 0.3339)]
    [TestCase(9, 10, 3, 10, 0.1705, 0.8090)]
    [TestCase(5, 56, 0, 29, -0.0381, 0.1926)]
    [TestCase(0, 10, 0, 20, -0.1611, 0.2775)]
    [TestCase(10, 10, 0, 20, 0.6791, 1.0000)]
    [TestCase(0, 20, 10, 10, -1.0000, -0.6791)]
    public void ADifferenceAsPublished(int right, int count, int secondRight, int secondCount, double low, double high)
    {
        var found = WilsonInterval.OfDifference((double)right / count, count, (double)secondRight / secondCount, secondCount);
        Assert.That((found.Low, found.High), Is.EqualTo((low, high)).Within(5e-5));
    }

    [Test]
    public void NoneIsNeverBelow0NorAllAbove1([Range(1, 60)] int count)
    {
        Assert.That(WilsonInterval.Of(0, count).Low, Is.InRange(0, 1e-12));
        Assert.That(WilsonInterval.Of(1, count).High, Is.InRange(1 - 1e-12, 1));
    }

    [Test]
    public void AllRightIsTheMirrorOfNoneRight()
    {
        var (none, all) = (WilsonInterval.Of(0, 7), WilsonInterval.Of(1, 7));
        Assert.That((1 - all.High, 1 - all.Low), Is.EqualTo((none.Low, none.High)).Within(1e-12));
    }
}
