using TextGan.Metrics;

namespace TextGan.Tests.Metrics;

public class RankStatisticTests
{
    // Of the six pairs 3 is above both, 1 above one and equal to the other, 0 below one and equal to none: 2 + 1.5 + 0 = 3.5 of 6.
    [TestCase(new double[] { 3, 1, 0 }, new double[] { 1, 0.5 }, 3.5 / 6)]
    [TestCase(new double[] { 1, 2 }, new double[] { 0, -1 }, 1)]
    [TestCase(new double[] { 0, -1 }, new double[] { 1, 2 }, 0)]
    [TestCase(new double[] { 7, 7, 7 }, new double[] { 7, 7 }, 0.5)]
    [TestCase(new double[] { }, new double[] { 7, 7 }, double.NaN)]
    [TestCase(new double[] { 1, double.NaN }, new double[] { 7, 7 }, double.NaN)]
    public void Area_by_hand(double[] positives, double[] negatives, double expected) =>
        Assert.That(RankStatistic.Auc(positives, negatives), Is.EqualTo(expected).Within(1e-12));

    [Test]
    public void Is_the_share_of_pairs_in_order()
    {
        var random = new Random(3);
        double[] Draw(int count, int shift) => [.. Enumerable.Range(0, count).Select(_ => (double)(random.Next(10) + shift))];
        var (positives, negatives) = (Draw(40, 2), Draw(30, 0));
        var pairs = from one in positives from other in negatives select (Math.Sign(one - other) + 1) / 2.0;
        Assert.That(RankStatistic.Auc(positives, negatives), Is.EqualTo(pairs.Average()).Within(1e-12));
    }

    /// <summary>
    /// By hand: 3, 1, 0 rank above the shares 1, 3/4, 0 of 1 and .5, with the variance .270833 of n - 1; above 1 and .5 rank 1.5/3 and 2/3
    /// of the others, with the variance .013889. √(.270833/3 + .013889/2) = .311805.
    /// </summary>
    [Test]
    public void The_error_of_an_area_by_hand()
    {
        var (auc, error) = RankStatistic.AucAndError([3, 1, 0], [1, 0.5]);
        Assert.That((auc, error), Is.EqualTo((3.5 / 6, 0.311805)).Within(1e-6));
        Assert.That(RankStatistic.AucAndError([1], [0, 2]).Error, Is.NaN);
        Assert.That(RankStatistic.AucAndError([1, 2], [0, double.NaN]), Is.EqualTo((double.NaN, double.NaN)));
    }

    /// <summary>
    /// Of normal scores one apart the area is Φ(1/√2) = .760, and its standard error of 200 texts a side by Hanley and McNeil's formula
    /// .024: √((A(1-A) + 199 (A/(2-A) - A²) + 199 (2A²/(1+A) - A²)) / 200²).
    /// </summary>
    [Test]
    public void The_interval_is_as_wide_as_the_formula_says()
    {
        var random = new Random(5);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[] Draw(double mean) => [.. Enumerable.Range(0, 200).Select(_ => Normal() + mean)];
        var scores = (Draw(1), Draw(0));
        var (auc, low, high) = RankStatistic.Mean([scores], seed: 1);
        Assert.Multiple(() =>
        {
            Assert.That(auc, Is.EqualTo(RankStatistic.Auc(scores.Item1, scores.Item2)));
            Assert.That(low, Is.LessThan(auc).And.GreaterThan(0.6));
            Assert.That(high - low, Is.EqualTo(2 * 1.96 * 0.024).Within(0.02));
            Assert.That(RankStatistic.Mean([scores], seed: 1), Is.EqualTo((auc, low, high)), "the same texts are drawn");
        });
    }

    [Test]
    public void Of_several_judges_the_mean_counts()
    {
        var (auc, low, high) = RankStatistic.Mean([([1, 2], [0, -1]), ([5, 5], [5, 5])], seed: 1);
        Assert.That((auc, low, high), Is.EqualTo((0.75, 0.75, 0.75)));
    }
}
