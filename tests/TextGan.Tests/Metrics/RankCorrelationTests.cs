using TextGan.Metrics;

namespace TextGan.Tests.Metrics;

public class RankCorrelationTests
{
    [Test]
    public void Equal_values_share_the_mean_of_their_ranks() => Assert.That(
        RankCorrelation.Ranks([30, 10, 20, 10, 30, 30]), Is.EqualTo(new[] { 5, 1.5, 3, 1.5, 5, 5 }));

    /// <summary>
    /// The fourth by hand: ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4 about 2.5: products 2.25 + 0 + 0 + 2.25 = 4.5, squares 4.5 and 5.
    /// The fifth without ties: 1 - 6 Σd²/(n(n²-1)) = 1 - 6·(1+1+1+1)/(5·24) = .8.
    /// </summary>
    [TestCase(new double[] { 1, 2, 3 }, new double[] { 5, 6, 70 }, 1)]
    [TestCase(new double[] { 1, 2, 3 }, new double[] { 7, 6, 5 }, -1)]
    [TestCase(new double[] { 1, 2, 3 }, new double[] { 7, 7, 7 }, double.NaN)]
    [TestCase(new double[] { 1, 2, 2, 3 }, new double[] { 1, 3, 2, 4 }, 0.9486832980505138)]
    [TestCase(new double[] { 1, 2, 3, 4, 5 }, new double[] { 2, 1, 4, 3, 5 }, 0.8)]
    [TestCase(new double[] { 1, double.NaN }, new double[] { 1, 2 }, double.NaN)]
    [TestCase(new double[] { }, new double[] { }, double.NaN)]
    public void Spearman_by_hand(double[] first, double[] second, double expected) =>
        Assert.That(RankCorrelation.Spearman(first, second), Is.EqualTo(expected).Within(1e-12));

    [Test]
    public void The_interval_holds_the_truth_as_often_as_it_says()
    {
        // r = .5, n = 103: atanh .5 = .549306, half = 1.959964 · √(1.125/100) = .207886.
        var (low, high) = RankCorrelation.Interval(0.5, 103);
        Assert.That((low, high), Is.EqualTo((Math.Tanh(0.549306144 - 0.207885694), Math.Tanh(0.549306144 + 0.207885694))).Within(1e-6));
        Assert.That(RankCorrelation.Interval(0.5, 3).Low, Is.NaN);
        // Without a correlation 5% of intervals leave out 0.
        var random = new Random(4);
        double[] Draw() => [.. Enumerable.Range(0, 60).Select(_ => random.NextDouble())];
        var outside = Enumerable.Range(0, 1000).Count(_ =>
            RankCorrelation.Interval(RankCorrelation.Spearman(Draw(), Draw()), 60) is var (from, to) && (from > 0 || to < 0));
        Assert.That(outside, Is.InRange(25, 80));
    }
}
