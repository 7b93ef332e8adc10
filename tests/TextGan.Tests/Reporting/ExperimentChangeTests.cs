using TextGan.Reporting;
using TextGan.Reporting.Report;
using TextGan.Tests.Reporting.Report;

namespace TextGan.Tests.Reporting;

/// <summary>The one sentence per experiment, of run folders with values that were chosen by hand.</summary>
public sealed class ExperimentChangeTests : FileTests
{
    IReadOnlyList<ExperimentChange> Changes(params string[] runs) => RunReport.Write(runs, files.PathOf("report.html"))!.Changes;

    string Write(string experiment, int seed, string metric, double start, double end, string config = HandMadeRun.Judged) =>
        HandMadeRun.Write(files.PathOf("runs"), experiment, seed, metric, start, end, config);

    static Dictionary<string, double> Rates(double helpful, double harmless, double grammatical) =>
        new() { ["helpful"] = helpful, ["harmless"] = harmless, ["grammatical"] = grammatical };

    [Test]
    public void Of_one_seed_there_are_figures_and_no_claim()
    {
        var run = HandMadeRun.Write(files.PathOf("runs"), "three-reinforce", 1,
            [Rates(0.23, 0.56, 0.894), Rates(0.9, 0.9, 0.9), Rates(0.43, 0.66, 0.886)]);
        Assert.That(Changes(run).Single().Sentence,
            Is.EqualTo("three-reinforce: helpful .23 -> .43, harmless .56 -> .66, grammatical .89 -> .89"));
        Assert.That(Changes(run).Single().Metrics.Select(metric => metric.IsBeyondSpread), Is.All.Null);
    }

    /// <summary>
    /// Student's t of two degrees of freedom at 97.5% is 4.302653 (any table). Changes of helpful are .20, .21, .22: mean .21, deviation
    /// .01, half interval 4.302653 · .01/√3 = .0248. Of grammatical .02, -.02, -.03: mean -.01, squares .0009 + .0001 + .0004, deviation
    /// √.0007 = .02646, half interval .0657.
    /// </summary>
    [Test]
    public void Over_seeds_the_change_stands_beside_its_interval_and_what_does_not_separate_says_so()
    {
        (double Helpful, double Grammatical)[] changes = [(0.20, 0.02), (0.21, -0.02), (0.22, -0.03)];
        string[] runs =
        [
            .. changes.Select((change, i) => HandMadeRun.Write(files.PathOf("runs"), "judged", i + 1, [
                new() { ["helpful"] = 0.2 + i / 100.0, ["grammatical"] = 0.9, ["nll"] = 2 },
                new() { ["helpful"] = 0.2 + i / 100.0 + change.Helpful, ["grammatical"] = 0.9 + change.Grammatical, ["nll"] = 2 }])),
        ];
        var change = Changes(runs).Single();
        Assert.That(change.Sentence, Is.EqualTo("judged (3 seeds): helpful .21 -> .42 (+.21 ±.02), grammatical .90 -> .89 (-.01 ±.07, " +
            "within spread), nll 2.00 -> 2.00 (0.00 ±0.00, within spread)"));
        Assert.That(change.Metrics.Select(metric => metric.IsBeyondSpread), Is.EqualTo(new bool?[] { true, false, false }));
        Assert.That(change.Metrics[0].Difference.High, Is.EqualTo(0.21 + 4.302653 * 0.01 / Math.Sqrt(3)).Within(1e-7));
    }

    [TestCase("""{ "discriminators": [] }""", "no judges")]
    [TestCase("""{ "discriminators": [ { "kind": "constant", "name": "a" } ] }""", "constant reward")]
    [TestCase("""{ "discriminators": [ { "kind": "random", "name": "a" }, { "kind": "random", "name": "b" } ] }""", "random reward")]
    [TestCase("""{ "discriminators": [ { "kind": "constant", "name": "a" }, { "kind": "random", "name": "b" } ] }""",
        "constant and random rewards")]
    [TestCase(HandMadeRun.Judged, null)]
    [TestCase("""{ "discriminators": [ { "kind": "constant", "name": "a" }, { "kind": "bag", "name": "b" } ] }""", null)]
    [TestCase("""{ "discriminators": [], "regularizers": { "distillation": { "weight": 1 }, "mediator": null } }""", null)]
    [TestCase("""{ "discriminators": [], "regularizers": { "mediator": { "weight": 1 } } }""", null)]
    [TestCase("""{ "discriminators": [], "regularizers": { "likelihood": 0.5 } }""", null)]
    [TestCase("""{ "discriminators": [], "regularizers": { "likelihood": 0 } }""", "no judges")]
    [TestCase("""{ "discriminators": [], "pretraining": { "data": "text", "teacher": { "model": "x" } } }""", null)]
    [TestCase("""{ "discriminators": [], "regularizers": { "kl": 1, "distillation": null }, "pretraining": { "teacher": null } }""",
        "no judges")]
    [TestCase("[]", null)]
    public void A_control_is_told_by_what_tells_its_generator_what_is_good(string config, string? control) =>
        Assert.That(Changes(Write("one", 1, "helpful", 0.25, 0.25, config)).Single().Control, Is.EqualTo(control));

    /// <summary>Student's t of one degree of freedom at 97.5% is 12.7062: of ±.01 the half interval is 12.7062 · .0141/√2 = .127.</summary>
    [Test]
    public void A_control_says_whether_it_changed_by_more_than_its_spread()
    {
        const string Constant = """{ "discriminators": [ { "kind": "constant", "name": "a" } ] }""";
        var calm = Changes(Write("calm", 1, "helpful", 0.25, 0.26, Constant), Write("calm", 2, "helpful", 0.25, 0.24, Constant)).Single();
        Assert.That(calm.Sentence, Is.EqualTo("calm (control: constant reward, 2 seeds): no change beyond spread; helpful .25 -> .25 " +
            "(.00 ±.13, within spread)"));
        var moved = Changes(Write("moved", 1, "helpful", 0.25, 0.5, Constant), Write("moved", 2, "helpful", 0.5, 0.75, Constant)).Single();
        Assert.That(moved.Sentence, Is.EqualTo("moved (control: constant reward, 2 seeds): changed beyond spread in helpful; helpful " +
            ".38 -> .63 (+.25 ±.00)"));
        Assert.That(Changes(Write("single", 1, "helpful", 0.25, 0.5, Constant)).Single().Sentence,
            Is.EqualTo("single (control: constant reward): helpful .25 -> .50"), "one seed has no spread");
    }

    [Test]
    public void The_first_five_metrics_with_a_direction_are_shown_and_names_bear_no_number_of_samples()
    {
        Dictionary<string, double> Values(double shift) => new()
        {
            ["length"] = 9 + shift, ["self-bleu-2"] = 0.5, ["self-bleu-3"] = 0.25 + shift, ["bleu-2"] = 0.5, ["distinct-2"] = 0.5 + shift,
            ["nll-text"] = 2.25 + shift, ["helpful"] = 0.5 + shift, ["helpful-low"] = 0.25, ["helpful-high"] = 0.75, ["novel"] = 0.5,
            ["gold-a"] = 1,
        };
        var run = HandMadeRun.Write(files.PathOf("runs"), "many", 1, [Values(0), Values(0.125)], samples: 500);
        Assert.That(Changes(run).Single().Sentence, Is.EqualTo("many: helpful .50 -> .63, distinct-2 0.500 -> 0.625, nll-text 2.25 -> " +
            "2.38, bleu-2 .50 -> .50, self-bleu-3 .25 -> .38"));
    }

    [Test]
    public void Values_of_different_numbers_of_samples_are_told_apart()
    {
        string[] folders =
        [
            .. ((int[])[500, 1000]).Select((samples, i) => HandMadeRun.Write(files.PathOf("runs"), "many", i + 1,
                [new() { ["distinct-2"] = 0.5 }, new() { ["distinct-2"] = 0.625 }], samples: samples)),
        ];
        Assert.That(Changes(folders).Single().Sentence, Is.EqualTo("many (2 seeds): distinct-2 (500 samples) 0.500 -> 0.625 " +
            "[1 of 2 seeds], distinct-2 (1,000 samples) 0.500 -> 0.625 [1 of 2 seeds]"));
    }

    [Test]
    public void Values_that_are_missing_or_not_finite_are_left_out_and_unfinished_runs_counted()
    {
        var runs = files.PathOf("runs");
        string[] folders =
        [
            HandMadeRun.Write(runs, "some", 1, [Rates(0.25, double.NaN, 0.5), Rates(0.5, 0.5, 0.5)]),
            HandMadeRun.Write(runs, "some", 2, [Rates(0.25, 0.5, 0.5)], outcome: "stopped"),
        ];
        var change = Changes(folders).Single();
        Assert.That(change.Sentence, Is.EqualTo("some (2 seeds, 1 unfinished): helpful .25 -> .50 [1 of 2 seeds], " +
            "grammatical .50 -> .50 [1 of 2 seeds]"),
            "one seed has both values, so that there is no spread");
        var only = HandMadeRun.Write(runs, "only", 1, [Rates(0.25, 0.5, 0.5), new()], outcome: "failed");
        Assert.That(Changes(only).Single().Sentence, Is.EqualTo("only (unfinished): no metric was measured at both ends"));
    }

    [Test]
    public void Without_an_adversarial_phase_there_are_the_last_values()
    {
        var runs = files.PathOf("runs");
        string[] folders =
        [
            .. ((int[])[1, 2]).Select(seed => HandMadeRun.Write(
                runs, "ml", seed, [Rates(0.1, 0.1, 0.1), Rates(0.2 + seed / 10.0, 0.5, 0.9)],
                """{ "discriminators": [] }""", phase: "pretraining")),
        ];
        Assert.That(Changes(folders).Single().Sentence, Is.EqualTo("ml (no adversarial phase, control: no judges, 2 seeds): helpful .35 " +
            "(.30 to .40), harmless .50, grammatical .90"));
    }

    [Test]
    public void The_page_has_the_sentences()
    {
        var written = RunReport.Write([Write("a", 1, "helpful", 0.25, 0.5), Write("b", 1, "helpful", 0.5, 0.25),
            Write("b", 2, "helpful", 0.5, 0.25)], files.PathOf("report.html"))!;
        var data = ReportRuns.DataIn(written.File);
        Assert.That(data.GetProperty("changes").EnumerateArray().Select(one => one.GetString()),
            Is.EqualTo(new[] { "a: helpful .25 -> .50", "b (2 seeds): helpful .50 -> .25 (-.25 ±.00)" }));
        Assert.That(data.GetProperty("changeLegend").GetString(), Is.EqualTo(ExperimentChange.Legend));
    }
}
