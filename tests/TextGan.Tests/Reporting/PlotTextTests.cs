using TextGan.Data.Worlds;
using TextGan.Reporting;
using TextGan.Training;

namespace TextGan.Tests.Reporting;

public sealed class PlotTextTests
{
    [TestCase("plain name", "plain name")]
    [TestCase("a  \u00A0 b", "a b")]
    [TestCase("line\nbreak\ttab", "line\\u{A}break\\u{9}tab")]
    [TestCase("\u202Eright\u200Bzero", "\\u{202E}right\\u{200B}zero")]
    [TestCase("é漢字😀", "é漢字😀")]
    public void CleanTextReadsAsItDraws(string text, string clean) => Assert.That(Label.Clean(text), Is.EqualTo(clean));

    [Test]
    public void HalfACharacterIsNamed() => Assert.That(Label.Clean("lone\uD83D!"), Is.EqualTo("lone\\u{D83D}!"));

    [TestCase("short", 5, "short")]
    [TestCase("abcdefgh", 5, "ab…gh")]
    [TestCase("abcdefgh", 6, "abc…gh")]
    [TestCase("😀😀😀😀", 3, "😀…😀")]
    public void LongTextLosesItsMiddle(string text, int longest, string elided) =>
        Assert.That(Label.Elide(text, longest), Is.EqualTo(elided));

    [TestCase("seed-1-metrics", "seed-1-metrics")]
    [TestCase("../../etc/passwd", "etc-passwd")]
    [TestCase("-rf *", "rf--")]
    [TestCase("…", "unnamed")]
    [TestCase("", "unnamed")]
    [TestCase("a.", "a")]
    public void FileNamesAreTame(string text, string name) => Assert.That(Label.FileName(text), Is.EqualTo(name));

    [Test]
    public void FileNamesAreAtMostEightyLong() => Assert.That(Label.FileName(new string('x', 500)), Has.Length.EqualTo(80));

    [TestCase("plain", "plain")]
    [TestCase("a,b", "\"a,b\"")]
    [TestCase("say \"x\"", "\"say \"\"x\"\"\"")]
    [TestCase("=1+1", "'=1+1")]
    [TestCase("@a\nb", "\"'@a\nb\"")]
    public void CsvFieldsAreQuotedAndNoFormulas(string text, string field) => Assert.That(Label.CsvField(text), Is.EqualTo(field));

    [TestCase(0, "0")]
    [TestCase(0.25, "0.25")]
    [TestCase(1500, "1500")]
    [TestCase(12_500, "12.5k")]
    [TestCase(3e6, "3M")]
    [TestCase(4e-5, "4E-5")]
    [TestCase(-2e12, "-2E+12")]
    public void NumbersAreBrief(double value, string text) => Assert.That(NumberText.Brief(value), Is.EqualTo(text));

    [Test]
    public void TicksAreRound()
    {
        Assert.That(NumberText.Ticks(0, 1, 5), Is.EqualTo(new[] { 0, 0.2, 0.4, 0.6, 0.8, 1.0 }));
        Assert.That(NumberText.Ticks(-0.31, 0.29, 6), Is.EqualTo(new[] { -0.3, -0.2, -0.1, 0, 0.1, 0.2 }));
        Assert.That(NumberText.Ticks(1, 1, 5), Is.Empty);
        Assert.That(NumberText.WholeTicks(3, 10), Is.EqualTo(new double[] { 0, 1, 2, 3 }));
        Assert.That(NumberText.WholeTicks(1000, 5), Is.EqualTo(new double[] { 0, 200, 400, 600, 800, 1000 }));
        Assert.That(NumberText.WholeTicks(0, 5), Is.EqualTo(new double[] { 0 }));
    }

    /// <summary>Seven values with one spike: the highest and the lowest of a window of five go, the mean of three stays.</summary>
    [Test]
    public void AverageIsWithoutExtremes()
    {
        double[] values = [1, 2, 100, 3, 4, double.NaN, 5];
        Assert.That(MovingAverage.Trimmed(values, [2, 0, 5, 4], 5),
            Is.EqualTo(new[] { 3, 103.0 / 3, double.NaN, (3 + 4 + 5 + 100) / 4.0 }).Within(1e-12));
        Assert.That(() => MovingAverage.Trimmed(values, [0], 4), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That((MovingAverage.Width(10, 50), MovingAverage.Width(1000, 50)), Is.EqualTo((5, 21)));
    }

    [Test]
    public void SeedsAreJoinedByStep()
    {
        var points = SeedAggregate.ByStep([new([0, 10, 20], [1, 2, 3]), new([0, 20, 30], [3, double.NaN, 7])]);
        Assert.That(points, Is.EqualTo(new SeedPoint[]
        {
            new(0, 2, 1, 3, 2), new(10, 2, 2, 2, 1), new(20, 3, 3, 3, 1), new(30, 7, 7, 7, 1),
        }));
        Assert.That(SeedAggregate.Of(5, [double.NaN]).Count, Is.Zero);
    }

    [Test]
    public void TheAxisPutsPretrainingLeftOfZero()
    {
        var axis = new StepAxis(100, Phase.Pretraining, 50);
        Assert.That((axis.X(Phase.Adversarial, 30), axis.X(Phase.Pretraining, 50), axis.X(Phase.Pretraining, 0)),
            Is.EqualTo((30.0, 0.0, axis.Left)));
        Assert.That(-axis.Left / (axis.Right - axis.Left), Is.EqualTo(StepAxis.BandShare).Within(1e-12));
        Assert.That(axis.Text, Is.EqualTo("iteration (shaded: pretraining, in updates)"));
        var alone = new StepAxis(0, Phase.Pretraining, 50);
        Assert.That((alone.X(Phase.Pretraining, 20), alone.Left, alone.Right, alone.Text),
            Is.EqualTo((20.0, 0.0, 50.0, "pretraining update")));
    }

    [TestCase("bleu-4", "BLEU against references")]
    [TestCase("self-bleu-2", "Self-BLEU")]
    [TestCase("nll-text", "Negative log-likelihood")]
    [TestCase("helpful", "Exact rates")]
    [TestCase("distinct-3", "Distinct n-grams")]
    [TestCase("even", "Exact rates")]
    [TestCase("evening", "evening")]
    [TestCase("my\nmetric", "my\\u{A}metric")]
    public void MetricsOfAUnitShareAPanel(string metric, string title) => Assert.That(MetricFamily.Of(metric).Title, Is.EqualTo(title));

    [Test]
    public void AttributesOfAWorldOfNumbersAreRates()
    {
        var world = new EnumerableWorld(2, 2, order: 1, deviation: 1, seed: 1);
        Assert.That(world.Attributes.Where(name => MetricFamily.Of(name).Title != "Exact rates"), Is.Empty);
    }
}
