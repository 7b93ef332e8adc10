using TextGan.Metrics.Sweeps;
using TextGan.Reporting;
using TextGan.Tests.Runs;

namespace TextGan.Tests.Cli;

/// <summary>The metric "temperature-sweep" in a run, and the command that measures runs afterwards.</summary>
public sealed class SweepTemperatureCommandTests
{
    const string Metrics = """
        [ { "kind": "nll", "data": "text" },
          { "kind": "temperature-sweep", "data": "text", "temperatures": [1, 0.5], "order": 3 },
          { "kind": "language-model-score", "data": "text" }, { "kind": "n-gram-coverage", "data": "text" },
          { "kind": "embedding-distance", "data": "text", "encoder": { "kind": "corpus", "limit": 50 } } ]
        """;

    static SmallRun run = null!;
    static MetricLine[] lines = null!;

    [OneTimeSetUp]
    public void Train()
    {
        run = new SmallRun();
        var result = run.Run(new SilentObserver(), default, $"evaluation.metrics={Metrics}").Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        lines = SmallRun.Lines(result);
    }

    [OneTimeTearDown]
    public void CleanUp() => run.Dispose();

    static CommandRun Sweep(params string[] arguments) =>
        CommandRun.In(run.Folder, null, ["sweep-temperature", "runs/small", .. arguments]);

    static string[] Table(string name) => File.ReadAllText(Path.Combine(run.Folder, "plots", "temperature", name)).TrimEnd()
        .Split("\r\n");

    [Test]
    public void A_run_measures_it_at_the_end_of_each_phase()
    {
        var measured = lines.Where(line => line.Values.ContainsKey("metric/sweep-point-temperature-0.5-nll-test")).ToArray();
        Assert.That(measured.Select(line => (line.Phase, line.Step)), Is.EqualTo(new[] { ("pretraining", 26L), ("adversarial", 4L) }));
        foreach (var line in measured)
        {
            double Of(string name) => line.Values["metric/" + name];
            Assert.That(Of("sweep-point-temperature-1-nll-test"), Is.EqualTo(Of("nll-text")).Within(1e-6), "the model as it is");
            Assert.That(Of("sweep-best-temperature-likelihood"), Is.EqualTo(Math.Min(
                Of("sweep-point-temperature-0.5-nll-test") + Of("sweep-point-temperature-0.5-nll-oracle"),
                Of("sweep-point-temperature-1-nll-test") + Of("sweep-point-temperature-1-nll-oracle"))).Or.NaN);
        }
        Assert.That(File.Exists(Path.Combine(run.Folder, "plots", "small", "seed-1", "temperature.png")));
        // The other metrics are there at each evaluation, with their numbers of samples.
        var last = lines.Last(line => line.Values.ContainsKey("metric/frechet-corpus"));
        foreach (var name in (string[])["lm-score-n-gram", "reverse-lm-score-n-gram-real", "n-gram-coverage-2", "n-gram-precision-1",
            "frechet-corpus", "mmd-corpus-real", "mauve-corpus"])
            Assert.That(double.IsFinite(last.Values["metric/" + name]), name);
        Assert.That(last.Samples!["metric/mauve-corpus"], Is.EqualTo(10));
    }

    /// <summary>The command finds what the run has measured, and draws it.</summary>
    [Test]
    public void The_command_measures_the_run_again()
    {
        var result = Sweep();
        Assert.That(result.Code, Is.Zero, result.Error);
        Assert.That(result.Output, Does.Contain("best sum").And.Contain("small/1").And.Contain("temperature.png")
            .And.Contain("The box of nats reaches from 0 to"));
        var logged = lines.Last(line => line.Values.ContainsKey("metric/sweep-reference")).Values;
        var points = Table("temperature.csv");
        Assert.That(points[0], Is.EqualTo("experiment,seed,variable,at,figure,value,samples"));
        Assert.That(points, Has.Length.EqualTo(1 + 2 * 6));
        foreach (var row in points.Skip(1).Select(line => line.Split(',')))
        {
            var value = logged[$"metric/sweep-point-temperature-{row[3]}-{row[4]}"];
            Assert.That(row[5], Is.EqualTo(double.IsNaN(value) ? "" : value.ToString("R")), string.Join(',', row));
            Assert.That(row[6], Is.EqualTo("10"));
        }
        var summary = Table("temperature-summary.csv").Skip(1).Select(line => line.Split(',')).Single(row => row[3] == "bleu-3");
        Assert.That(double.Parse(summary[4]), Is.EqualTo(logged["metric/sweep-best-temperature-bleu-3"]).Within(1e-12));
        Assert.That(double.Parse(summary[6]), Is.EqualTo(logged["metric/sweep-area-temperature-bleu-3"]).Within(1e-12));
    }

    [Test]
    public void Settings_of_one_s_own()
    {
        var result = Sweep("--top-p", "0.9", "--top-p", "0.5", "--samples", "7", "--order", "2", "--reference", "5",
            "--data", "helpfulness");
        Assert.That(result.Code, Is.Zero, result.Error);
        var rows = Table("temperature.csv").Skip(1).Select(line => line.Split(',')).ToArray();
        Assert.That(rows.Select(row => (row[2], row[3], row[6])).Distinct(),
            Is.EqualTo(new[] { ("top-p", "0.5", "7"), ("top-p", "0.9", "7") }));
        Assert.That(rows.Select(row => row[4]).Distinct(),
            Is.EqualTo(new[] { "bleu-2", "self-bleu-2", "lm-score-n-gram", "reverse-lm-score-n-gram" }));
        Assert.That(Table("temperature-summary.csv")[^1].Split(',')[7], Is.EqualTo("5"));
    }

    [TestCase("--temperature", "0", "--temperature: 0 found; each must be above 0 and at most 100.")]
    [TestCase("--top-p", "2", "--top-p: 2 found; each must be above 0 and at most 1.")]
    [TestCase("--temperature", "NaN", "--temperature: NaN found; each must be above 0 and at most 100.")]
    [TestCase("--top-p", "NaN", "--top-p: NaN found; each must be above 0 and at most 1.")]
    [TestCase("--samples", "1", "--samples:")]
    [TestCase("--order", "11", "--order:")]
    [TestCase("--model", "gpt", "--model: is 'gpt'; n-gram and lstm are allowed.")]
    [TestCase("--reference", "0", "--reference: is 0; it must be above 0.")]
    [TestCase("--data", "none", "--data")]
    public void Wrong_options_are_rejected(string option, string value, string says)
    {
        var result = Sweep(option, value);
        Assert.That(result.Code, Is.EqualTo(2), result.Error);
        Assert.That(result.Error, Does.Contain(says));
    }

    [Test]
    public void Runs_are_compared_in_one_box()
    {
        static SweptRun Of(string experiment, double reference, double nats) => new(experiment, "1", new Dictionary<string, double>
        {
            [SweepCurve.PointName(SweepVariable.Temperature, 1, "nll-oracle")] = nats,
            [SweepCurve.PointName(SweepVariable.Temperature, 1, "nll-test")] = nats, [SweepCurve.Reference] = reference,
        }, 5);
        var drawn = TemperaturePlots.Draw([Of("a", 10, 5), Of("b", 20, 10)], Path.Combine(run.Folder, "compared"), null);
        Assert.That(drawn.Reference, Is.EqualTo(20));
        Assert.That(drawn.Rows.Select(row => (row.Run.Experiment, row.Best, row.At, row.Area)),
            Is.EqualTo(new[] { ("a", 10.0, 1.0, 0.5625), ("b", 20.0, 1.0, 0.25) }));
        Assert.That(() => TemperaturePlots.Draw([Of("a", 1, 1), Of("a", 1, 1)], run.Folder, null),
            Throws.TypeOf<InvalidInputException>().With.Message.Contain("'a' is given twice"));
    }
}
