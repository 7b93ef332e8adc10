using TextGan.Cli.Display;
using TextGan.Problems;

namespace TextGan.Tests.Cli;

public class NumberTextTests
{
    [TestCase(0, "0")]
    [TestCase(0.5123, "0.512")]
    [TestCase(-1.2345, "-1.235")]
    [TestCase(9.9994, "9.999")]
    [TestCase(9.9996, "10.00")]
    [TestCase(12.345, "12.35")]
    [TestCase(123.45, "123.5")]
    [TestCase(12345.6, "12,346")]
    [TestCase(0.0000123, "1.2e-05")]
    [TestCase(2.5e12, "2.5e+12")]
    [TestCase(double.NaN, "NaN")]
    [TestCase(double.PositiveInfinity, "Infinity")]
    [TestCase(double.NegativeInfinity, "-Infinity")]
    public void ShowsTheDigitsThatMatter(double value, string expected) => Assert.That(NumberText.Of(value), Is.EqualTo(expected));

    [TestCase(0, "0:00")]
    [TestCase(-5, "0:00")]
    [TestCase(59.9, "0:59")]
    [TestCase(62, "1:02")]
    [TestCase(3723, "1:02:03")]
    [TestCase(183845, "2d 03:04:05")]
    public void ShowsTimes(double seconds, string expected) =>
        Assert.That(NumberText.Time(TimeSpan.FromSeconds(seconds)), Is.EqualTo(expected));

    [Test]
    public void CountsThings()
    {
        Assert.That(Amount.Of(1, "step"), Is.EqualTo("1 step"));
        Assert.That(Amount.Of(1200, "step"), Is.EqualTo("1,200 steps"));
        Assert.That(NumberText.Percent(0.456), Is.EqualTo("46%"));
        Assert.That(NumberText.Percent(double.NaN), Is.EqualTo("NaN"));
        Assert.That(NumberText.Bytes(1.5 * (1L << 30)), Is.EqualTo("1.5 GB"));
        Assert.That(NumberText.Bytes(12 << 20), Is.EqualTo("12 MB"));
    }
}
