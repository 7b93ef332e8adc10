using TextGan.Reporting.Documents;

namespace TextGan.Tests.Reporting.Documents;

public sealed class StudentTTests
{
    // The tables that every textbook has (two-sided, to three decimals).
    [TestCase(0.95, 1, 12.706)]
    [TestCase(0.95, 2, 4.303)]
    [TestCase(0.95, 3, 3.182)]
    [TestCase(0.95, 4, 2.776)]
    [TestCase(0.95, 5, 2.571)]
    [TestCase(0.95, 6, 2.447)]
    [TestCase(0.95, 10, 2.228)]
    [TestCase(0.95, 29, 2.045)]
    [TestCase(0.95, 120, 1.980)]
    [TestCase(0.95, 100_000, 1.960)]
    [TestCase(0.99, 1, 63.657)]
    [TestCase(0.99, 2, 9.925)]
    [TestCase(0.99, 7, 3.499)]
    [TestCase(0.5, 1, 1.000)]
    public void QuantilesAreThoseOfTables(double coverage, int degrees, double expected) =>
        Assert.That(StudentT.Quantile(coverage, degrees), Is.EqualTo(expected).Within(0.0005));

    [Test]
    public void QuantilesOfOneAndTwoDegreesHaveAClosedForm()
    {
        Assert.That(StudentT.Quantile(0.95, 1), Is.EqualTo(Math.Tan(0.95 * Math.PI / 2)).Within(1e-10));
        Assert.That(StudentT.Quantile(0.95, 2), Is.EqualTo(0.95 * Math.Sqrt(2 / (1 - (0.95 * 0.95)))).Within(1e-10));
    }

    [Test]
    public void TheIntervalIsThatOfMeanAndDeviation()
    {
        // mean .2, deviation .1, so .1 / √3 · 4.3027 = .24841 to either side
        var found = PairedDifference.Of([0.1, 0.3, 0.2]);
        Assert.That(found.Mean, Is.EqualTo(0.2).Within(1e-12));
        Assert.That(found.Low, Is.EqualTo(-0.04841).Within(1e-5));
        Assert.That(found.High, Is.EqualTo(0.44841).Within(1e-5));
        Assert.That((found.Count, found.ExcludesZero), Is.EqualTo((3, false)));
        Assert.That(PairedDifference.Of([1.1, 1.3, 1.2]).ExcludesZero);
        Assert.That(PairedDifference.Of([-1.1, -1.3, -1.2]).ExcludesZero);
    }

    [Test]
    public void FewPairsHaveNoInterval()
    {
        Assert.That(PairedDifference.Of([]), Is.EqualTo(new PairedDifference(double.NaN, double.NaN, double.NaN, 0)));
        Assert.That(PairedDifference.Of([0.5, double.NaN]), Is.EqualTo(new PairedDifference(0.5, double.NaN, double.NaN, 1)));
        Assert.That(PairedDifference.Of([0.5]).ExcludesZero, Is.False);
        Assert.That(PairedDifference.Of([0, 0]), Is.EqualTo(new PairedDifference(0, 0, 0, 2)));
        Assert.That(PairedDifference.Of([0, 0]).ExcludesZero, Is.False);
    }
}
