using TextGan.Metrics.Sweeps;

namespace TextGan.Tests.Metrics.Sweeps;

public sealed class SweepCurveTests
{
    static SweepPoint Point(double at, string quality, double x, string diversity, double y) =>
        new(at, new Dictionary<string, double> { [quality] = x, [diversity] = y });

    static readonly SweepPoint[] Nats =
    [
        Point(0.5, "nll-oracle", 4, "nll-test", 9), Point(1, "nll-oracle", 6, "nll-test", 6), Point(2, "nll-oracle", 11, "nll-test", 5),
    ];

    /// <summary>
    /// The box of side 10: (4, 9) dominates 6 by 1, (6, 6) 4 by 4, of which 4 by 1 are the former's; (11, 5) lies outside.
    /// </summary>
    [Test]
    public void Sum_and_area_of_nats_by_hand()
    {
        var pair = SweepPair.OfLikelihood;
        Assert.That((pair.Best(Nats)!.At, pair.Sum(pair.Best(Nats)!)), Is.EqualTo((1.0, 12.0)));
        Assert.That(pair.Area(Nats, 10), Is.EqualTo((6 * 1 + 4 * 3) / 100.0).Within(1e-12));
        Assert.That(pair.Area(Nats, 3), Is.Zero);
    }

    /// <summary>BLEU .8 with self-BLEU .6, and .5 with .2: .8 by .4 and .5 by .8, of which .5 by .4 are counted already.</summary>
    [Test]
    public void Sum_and_area_of_bleu_by_hand()
    {
        var pair = SweepPair.OfBleu(5);
        SweepPoint[] points = [Point(0.5, "bleu-5", .8, "self-bleu-5", .6), Point(1, "bleu-5", .5, "self-bleu-5", .2)];
        Assert.That((pair.Best(points)!.At, pair.Sum(pair.Best(points)!)), Is.EqualTo((1.0, .2 - .5)));
        Assert.That(pair.Area(points, 99), Is.EqualTo(.8 * .4 + .5 * .8 - .5 * .4).Within(1e-12), "the reference is of nats alone");
    }

    [Test]
    public void Points_without_both_values_count_nothing()
    {
        var pair = SweepPair.OfLikelihood;
        SweepPoint[] points =
            [Point(1, "nll-oracle", double.NaN, "nll-test", 2), new(2, new Dictionary<string, double> { ["nll-test"] = 1 })];
        Assert.That(pair.Best(points), Is.Null);
        Assert.That(pair.Area(points, 10), Is.Zero);
    }

    [Test]
    public void Names_lead_back_to_the_curves()
    {
        var pairs = new[] { SweepPair.OfLikelihood, SweepPair.OfBleu(4), SweepPair.OfLanguageModel("n-gram") };
        var metrics = new Dictionary<string, double> { ["nll-text"] = 1, [SweepCurve.Reference] = 17 };
        foreach (var (variable, ats) in ((SweepVariable, double[])[])[
            (SweepVariable.Temperature, [1.5, 1e-5, 0.45]), (SweepVariable.TopP, [0.9])])
            foreach (var at in ats)
                foreach (var (i, pair) in pairs.Index())
                {
                    metrics[SweepCurve.PointName(variable, at, pair.Quality)] = i + at;
                    metrics[SweepCurve.PointName(variable, at, pair.Diversity)] = -i - at;
                }
        var curves = SweepCurve.In(metrics);
        Assert.That(curves.Select(curve => curve.Variable), Is.EqualTo(new[] { SweepVariable.Temperature, SweepVariable.TopP }));
        Assert.That(curves[0].Points.Select(point => point.At), Is.EqualTo(new[] { 1e-5, 0.45, 1.5 }));
        Assert.That(curves[0].Pairs, Is.EqualTo(pairs));
        Assert.That(curves[0].Points[1].Values["reverse-lm-score-n-gram"], Is.EqualTo(-2.45));
        Assert.That(metrics.Keys.Where(name => !SweepCurve.IsOfCurve(name)), Is.EqualTo(new[] { "nll-text" }));
        Assert.That(SweepCurve.IsOfCurve(SweepCurve.AreaName(SweepVariable.TopP, pairs[1])), Is.False);
        Assert.That(SweepCurve.PointName(SweepVariable.Temperature, 0.5, "nll-test"), Is.EqualTo("sweep-point-temperature-0.5-nll-test"));
    }
}
