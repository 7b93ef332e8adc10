using TextGan.Reporting;

namespace TextGan.Tests.Reporting;

/// <summary>Figures of the metric "exact-curves".</summary>
public sealed class ExactFigureTests
{
    static RunLog Run(TemporaryFiles files, Dictionary<string, double> values, Dictionary<string, string>? missing = null)
    {
        var folder = RunFolder.Of(files.PathOf("runs"), "exact", 1);
        Directory.CreateDirectory(folder.Root);
        File.WriteAllLines(folder.Metrics,
            [new MetricLine { Phase = "adversarial", Step = 2, Seconds = 0, Values = values, Missing = missing }.ToJson()]);
        return RunLog.Read(folder.Root);
    }

    [Test]
    public void Points_are_drawn_where_there_are_texts()
    {
        using var files = new TemporaryFiles();
        var log = Run(files, new()
        {
            ["metric/exact-a-b-optimal-1"] = double.NaN, ["metric/exact-a-b-learnt-1"] = double.NaN,
            ["metric/exact-a-b-optimal-2"] = 0.15, ["metric/exact-a-b-learnt-2"] = 0.3,
            ["metric/exact-a-b-log-p-1"] = -7, ["metric/exact-a-b-energy-1"] = -6, ["metric/exact-a-b-energy-1-deviation"] = 0.5,
            ["metric/exact-a-b-advantage"] = 0.2,
        }, new() { ["metric/exact-a-b-optimal-1"] = "no text", ["metric/exact-a-b-learnt-1"] = "no text" });
        var panels = ExactFigures.Of(log, "run", _ => LineLook.Of(0)).Single().Rows.Single().Panels.Cast<AgainstPanel>().ToArray();
        Assert.That(panels[0].Lines.Single().Points, Is.EqualTo([(0.15, 0.3, 0.0)]));
        Assert.That(panels[1].Lines.Single().Points, Is.EqualTo([(-7.0, -6.0, 0.5)]));
        Assert.That(panels.Select(panel => panel.Build(300, 200)), Is.All.Not.Null);
    }

    [TestCase("exact-real-optimal-10", true)]
    [TestCase("exact-a-b-energy-3-deviation", true)]
    [TestCase("exact-real-log-p-1", true)]
    [TestCase("exact-real-deviation", false)]
    [TestCase("exact-optimum-gap", false)]
    [TestCase("exact-kl", false)]
    public void Points_of_curves_have_no_panels_and_columns(string metric, bool isPoint) =>
        Assert.That(ExactFigures.IsOfCurve(metric), Is.EqualTo(isPoint));

    [TestCase("exact-kl", "Exact KL")]
    [TestCase("exact-optimum-kl", "KL to the optimum")]
    [TestCase("exact-real-advantage-soft", "Total variation and advantages")]
    [TestCase("exact-real-reweighted", "Exact log-loss")]
    [TestCase("exact-score-distance", "Total variation from p/(p + q)")]
    public void Values_of_a_unit_share_a_panel(string metric, string family) =>
        Assert.That(MetricFamily.Of(metric).Title, Is.EqualTo(family));
}
