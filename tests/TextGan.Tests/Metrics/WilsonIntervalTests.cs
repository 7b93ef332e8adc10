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

    [Test]
    public void AllRightIsTheMirrorOfNoneRight()
    {
        var (none, all) = (WilsonInterval.Of(0, 7), WilsonInterval.Of(1, 7));
        Assert.That((1 - all.High, 1 - all.Low), Is.EqualTo((none.Low, none.High)).Within(1e-12));
    }
}
