using TextGan.Reporting;
using TextGan.Runs;
using TextGan.Storage;
using TextGan.Tests.Runs;

namespace TextGan.Tests.Reporting;

/// <summary>Figures that others have published, over the experiments' own.</summary>
public sealed class PublishedCurveTests
{
    static string Write(TemporaryFiles files, string experiment, string config)
    {
        var folder = RunFolder.Of(files.PathOf("runs"), experiment, 1);
        Directory.CreateDirectory(folder.Root);
        MetricLine Line(long step) => new() { Phase = "adversarial", Step = step, Seconds = 0,
            Values = new Dictionary<string, double> { ["metric/source-nll"] = 9 - step / 100.0, ["metric/nll-oracle"] = 9 } };
        File.WriteAllLines(folder.Metrics, [Line(0).ToJson(), Line(50).ToJson()]);
        File.WriteAllText(folder.Config, config);
        return folder.Root;
    }

    const string Published = """
        { "published": [
            { "name": "SeqGAN, published", "metric": "source-nll", "steps": [0, 5, 40, 60], "values": [9.08, 9.05, 8.88, 8.8] },
            { "name": "late", "metric": "source-nll", "steps": [60], "values": [8.8] },
            { "name": "RankGAN", "metric": "source-nll", "steps": [], "values": [8.247] } ] }
        """;

    [Test]
    public void They_lie_over_their_metric()
    {
        using var files = new TemporaryFiles();
        string[] runs = [Write(files, "a", Published), Write(files, "b", Published)];
        var figure = ComparisonFigures.Of([.. runs.Select(RunLog.Read)], "t").Single(one => one.Name == "comparison-metrics");
        Assert.That(figure.Legend.Select(entry => entry.Text), Is.EqualTo(["a", "b", "SeqGAN, published", "late", "RankGAN"]));
        var panels = figure.Rows.SelectMany(row => row.Panels).Cast<SeriesPanel>().ToDictionary(panel => panel.Title);
        var curves = panels["source-nll (lower is better)"].Curves;
        Assert.That(curves, Has.Count.EqualTo(3), "two runs, one curve within the iterations, once");
        Assert.That(curves[2].Parts.Single().Steps, Is.EqualTo(new double[] { 0, 5, 40 }));
        Assert.That(curves[2].Parts.Single().Values, Is.EqualTo(new[] { 9.08, 9.05, 8.88 }));
        Assert.That(panels["nll-oracle (lower is better)"].Curves, Has.Count.EqualTo(2));
        Assert.That(figure.Svg(), Does.Contain("SeqGAN, published"));
    }

    [TestCase("{")]
    [TestCase("""{ "published": [{ "name": "x" }] }""")]
    [TestCase("{}")]
    public void Without_any_or_with_a_damaged_config_there_are_none(string config)
    {
        using var files = new TemporaryFiles();
        Assert.That(RunLog.Read(Write(files, "a", config)).Published, Is.Empty);
    }

    [TestCase("[{\"name\":\"x\",\"metric\":\"m\",\"values\":[1,2]}]",
        "$.published[0].values: has 2 values, but there are no 'steps'; give a single value, or a step for each.")]
    [TestCase("[{\"name\":\"x\",\"metric\":\"m\",\"steps\":[1,2],\"values\":[1]}]",
        "$.published[0].values: has 1 value for 2 steps; give one for each.")]
    [TestCase("[{\"name\":\"x\",\"metric\":\"m\",\"steps\":[2,2],\"values\":[1,2]}]",
        "$.published[0].steps[1]: is 2 after 2; steps ascend.")]
    [TestCase("[{\"metric\":\"m\",\"values\":[1]}]", "the key 'name' is missing")]
    public void Mistakes_are_told(string published, string message)
    {
        using var run = new SmallRun();
        Assert.That(() => run.Read($"published={published}"), Throws.TypeOf<InvalidInputException>().With.Message.Contain(message));
    }

    [Test]
    public void They_change_no_run()
    {
        using var run = new SmallRun();
        string Key(params string[] changes) => RunFingerprint.Of(run.Read(changes), new ContentHashes()).Key;
        Assert.That(Key("published=[{\"name\":\"x\",\"metric\":\"m\",\"values\":[1]}]"), Is.EqualTo(Key()));
        Assert.That(Key("training.batch=9"), Is.Not.EqualTo(Key()));
    }
}
