using TextGan.Reporting.Documents;
using static TextGan.Tests.Reporting.Documents.WrittenRuns;

namespace TextGan.Tests.Reporting.Documents;

public sealed class TableBlockTests
{
    static string Column(string column) => $$"""{ "results": "r.json", "columns": [{{column}}] }""";

    static string[] Cells(string column) => [.. Rows(Two, Column(column)).Select(row => row.Split('|')[2].Trim())];

    [Test]
    public void AColumnHasMeansAndSpread() => Assert.That(Lines(Two, Column("""{ "metric": "rate", "digits": 2 }""")), Is.EqualTo(new[]
    {
        "| experiment | rate |",
        "|---|---|",
        "| `control` | .30 (.28 to .32) |",
        "| `better` | .52 (.50 to .54) |",
        "",
        "Means over seeds 1 to 3 (smallest to largest).",
    }));

    [TestCase("""{ "metric": "metric/rate" }""", ".300 (.280 to .320)", ".520 (.500 to .540)")]
    [TestCase("""{ "metric": "rate", "spread": false }""", ".300", ".520")]
    [TestCase("""{ "metric": "rate", "at": "start" }""", ".200 (.200 to .200)", ".200 (.200 to .200)")]
    [TestCase("""{ "metric": "rate", "at": 10, "spread": false }""", ".250", ".400")]
    [TestCase("""{ "metric": "rate", "at": "mean", "spread": false, "digits": 4 }""", ".2500", ".3733")]
    [TestCase("""{ "metric": "rate", "at": { "best": "nll" }, "spread": false }""", ".300", ".400")]
    [TestCase("""{ "metric": "rate", "at": { "best": "nll", "better": "higher" }, "spread": false }""", ".200", ".200")]
    // A rate of .225 is half way to the second evaluation; better is at 2/15 of that way where its NLL is 1.9, .2 + .2 · .1/.75.
    [TestCase("""{ "metric": "nll", "at": { "where": "rate", "is": 0.225 }, "spread": false }""", "1.875", "1.906")]
    [TestCase("""{ "metric": "rate", "at": { "where": "nll", "is": 1.9 }, "spread": false }""", ".220", ".227")]
    [TestCase("""{ "metric": "rate", "at": { "where": "nll", "is": 1.75 }, "spread": false }""", ".250", ".267")]
    [TestCase("""{ "metric": "rate", "at": { "where": "rate", "is": 0.45 } }""", "", ".450 (.450 to .450)")]
    [TestCase("""{ "metric": "rate", "change": "absolute", "digits": 2 }""", "+.10 (+.08 to +.12)", "+.32 (+.30 to +.34)")]
    [TestCase("""{ "metric": "rate", "change": "percent" }""", "+50.0% (+40.0% to +60.0%)", "+160.0% (+150.0% to +170.0%)")]
    [TestCase("""{ "metric": "rate", "change": "ratio", "digits": 1, "spread": false }""", "1.5", "2.6")]
    [TestCase("""{ "metric": "rate", "closed": 1, "digits": 2 }""", ".12 (.10 to .15)", ".40 (.37 to .42)")]
    [TestCase("""{ "metric": "rate", "digits": 2, "best": "higher" }""", ".30 (.28 to .32)", "**.52** (.50 to .54)")]
    [TestCase("""{ "metric": "rate", "digits": 2, "best": "lower" }""", "**.30** (.28 to .32)", ".52 (.50 to .54)")]
    [TestCase("""{ "metric": "nll", "digits": 1, "best": "lower", "spread": false }""", "**1.5**", "**1.5**")]
    [TestCase("""{ "show": "seeds" }""", "1 to 3", "1 to 3")]
    [TestCase("""{ "show": "iterations" }""", "20", "20")]
    [TestCase("""{ "show": "seconds" }""", "30 (30 to 30)", "30 (30 to 30)")]
    [TestCase("""{ "show": "minutes" }""", ".5 (.5 to .5)", ".5 (.5 to .5)")]
    [TestCase("""{ "show": "version" }""", "0.1.0+0123456", "0.1.0+0123456")]
    [TestCase("""{ "show": "command" }""", "textgan run two.json", "textgan run two.json")]
    public void FiguresAreThoseOfTheColumn(string column, string control, string better) =>
        Assert.That(Cells(column), Is.EqualTo(new[] { control, better }));

    [Test]
    public void AChangeInPercentOfANegativeStartHasTheSignOfTheChange()
    {
        var run = Run("control", 1, ("metric/gold", [-0.5, 0.25]));
        Assert.That(Rows(new("run", [run]), Column("""{ "metric": "gold", "change": "percent" }"""))[0], Does.Contain("| +150.0% |"));
    }

    /// <summary>A metric of the end of a phase, in a run that was stopped before the end of its adversarial one.</summary>
    [Test]
    public void ThePretrainingIsNotTheEndOfARunWithAnAdversarialPhase()
    {
        RunSummary Of(string experiment, params double?[] auc) => Run(experiment, 1, ("metric/auc", auc))
            with { Pretraining = new([5], new Dictionary<string, IReadOnlyList<double?>> { ["metric/auc"] = [0.9] }) };
        var runs = new[] { Of("stopped", null, null), Of("finished", null, 0.6), Of("pretrained", 0.6) with { Adversarial = null } };
        Assert.That(Rows(new("run", runs), Column("""{ "metric": "auc" }""")),
            Is.EqualTo(new[] { "| `stopped` |  |", "| `finished` | .600 |", "| `pretrained` | .900 |" }));
    }

    [Test]
    public void DifferencesArePairedBySeed()
    {
        // differences .2, .2, .26: mean .22, deviation .034641, so .034641 / √3 · 4.30265 = .086053 to either side
        var lines = Lines(Two, Column("""{ "metric": "rate", "against": "control" }, { "metric": "nll", "against": "control" }"""));
        Assert.That(lines, Is.EqualTo(new[]
        {
            "| experiment | rate, difference from `control` | nll, difference from `control` |",
            "|---|---|---|",
            "| `control` |  |  |",
            "| `better` | +.220\\* (+.134 to +.306) | .000 (.000 to .000) |",
            "",
            "Means over seeds 1 to 3 (smallest to largest).",
            "",
            "Differences from `control` are means over pairs of runs with the same seed (n = 3), with the 95% interval by Student's t; " +
                "\\* marks intervals that leave out 0. They are not corrected for the number of comparisons.",
        }));
    }

    [Test]
    public void FewerSeedsAreSaid()
    {
        var file = new ResultFile(null, [.. Two.Runs.Where(run => run.Experiment == "control" || run.Seed == 2),
            Run("none", 7, ("metric/rate", [double.NaN, null, double.NaN]), ("metric/nll", [1, 1, 1]))]);
        Assert.That(Lines(file, Column("""{ "metric": "rate", "digits": 2 }, { "metric": "rate", "against": "control" }"""))[2..],
            Is.EqualTo(new[]
            {
                "| `control` | .30 (.28 to .32) |  |",
                "| `better` | .52 (n = 1) | +.200 (n = 1) |",
                "| `none` |  |  |",
                "",
                "Means over seeds (smallest to largest), over 3 of them where n is not given.",
                "",
                "Differences from `control` are means over pairs of runs with the same seed (n = 3 where it is not given), with the 95% " +
                    "interval by Student's t; \\* marks intervals that leave out 0. They are not corrected for the number of comparisons.",
            }));
    }

    [Test]
    public void OneSeedHasNoSpreadAndNoNote() =>
        Assert.That(Lines(new(null, [Two.Runs[0]]), Column("""{ "metric": "rate" }""")),
            Is.EqualTo(new[] { "| experiment | rate |", "|---|---|", "| `control` | .300 |" }));

    [Test]
    public void SeveralEvaluationsAreSeveralColumns()
    {
        var lines = Lines(Two, Column("""{ "metric": "rate", "label": "*rate*", "at": ["start", 10, "last"], "spread": false }"""));
        Assert.That(lines[0], Is.EqualTo("| experiment | *rate*, start | *rate*, 10 | *rate*, end |"));
        Assert.That(lines[3], Is.EqualTo("| `better` | .200 | .400 | .520 |"));
    }

    [Test]
    public void PublishedFiguresStandBesideOurs()
    {
        var lines = Lines(Two, Column("""{ "metric": "rate", "digits": 2, "spread": false, "published": { "better": 0.55 } }"""));
        Assert.That(lines[..4], Is.EqualTo(new[]
        {
            "| experiment | rate | rate, published | rate, difference |", "|---|---|---|---|",
            "| `control` | .30 |  |  |", "| `better` | .52 | .55 | -.03 |",
        }));
    }

    [Test]
    public void RowsAreChosenNamedAndSorted()
    {
        const string columns = """ "columns": [{ "metric": "rate", "digits": 2, "spread": false }]""";
        string[] Of(string rows) => Rows(Two, $$"""{ "results": ["r.json"], {{rows}},{{columns}} }""");
        Assert.That(Of("""  "rows": ["better"] """), Is.EqualTo(new[] { "| `better` | .52 |" }));
        Assert.That(Of("""  "rows": ["better", "*"] """), Is.EqualTo(new[] { "| `better` | .52 |", "| `control` | .30 |" }));
        Assert.That(Of("""  "rows": [{ "name": "control", "label": "before | *all*", "at": "start" }, "b*", "control"] """),
            Is.EqualTo(new[] { "| before \\| *all* | .20 |", "| `better` | .52 |", "| `control` | .30 |" }));
        Assert.That(() => Of(""" "rows": ["bette?"] """), Throws.TypeOf<InvalidInputException>().With.Message.Contain("'bette?'"));
        Assert.That(Of(""" "sort": { "column": "rate" } """), Is.EqualTo(new[] { "| `better` | .52 |", "| `control` | .30 |" }));
        Assert.That(Of(""" "sort": { "column": "rate", "order": "ascending" } """),
            Is.EqualTo(new[] { "| `control` | .30 |", "| `better` | .52 |" }));
    }

    [Test]
    public void RunsOfSeveralFilesAreJoined()
    {
        ResultFile Read(string name) => new(name, [.. Two.Runs.Where(run => name == "one.json" ? run.Seed == 3 : run.Seed < 3)]);
        var text = MarkdownDocument.Of(Block(
            """{ "results": ["one.json", "two.json"], "columns": [{ "show": "seeds" }, { "show": "command" }] }"""), "d.md", Read).Text;
        Assert.That(text, Does.Contain("| `better` | 1 to 3 | one.json, two.json |"));
        Assert.That(Refused(Block("""{ "results": ["one.json", "one.json"], "columns": [] }"""), Read),
            Is.EqualTo("d.md:1: $.results: the files have seed 3 of 'control' twice."));
    }

    [TestCase("a|b`c<script>&_*", "a&#124;b&#96;c&#60;script&#62;&#38;&#95;&#42;")]
    [TestCase("<!-- /textgan -->", "&#60;&#33;-- /textgan --&#62;")]
    [TestCase("two\nlines\u202e", "two&#92;nlines&#92;u202e")]
    [TestCase("mle+batch=64", "`mle+batch=64`")]
    [TestCase("https://evil.example mailto:x", "https&#58;//evil.example mailto&#58;x")]
    [TestCase("to www.evil.example, WWW.evil.example", "to www&#46;evil.example, WWW&#46;evil.example")]
    [TestCase("X64, device: cpu", "X64, device: cpu")]
    public void HostileNamesStayInTheirCell(string name, string shown)
    {
        var file = new ResultFile(name, [Run(name, 1, ($"metric/{name}", [1, 2]))]);
        var column = System.Text.Json.JsonSerializer.Serialize(name).Replace("--\\u003E", "--\\u003e");
        Assert.That(Lines(file, Column($$"""{ "metric": {{column}} }"""))[2], Is.EqualTo($"| {shown} | 2.000 |"));
        var header = Lines(file, Column($$"""{ "metric": {{column}} }"""))[0];
        Assert.That(header, Is.EqualTo($"| experiment | {shown.Trim('`')} |"));
    }

    [TestCase("""{ "columns": [] }""", "d.md:1: $: 'results' is missing: the summaries that the block reads.")]
    [TestCase("""{ "results": "r" }""", "d.md:1: $: 'columns' is missing: what the table shows.")]
    [TestCase("""{ "results": "r", "columns": [] }""", "d.md:1: $.columns: [] is given; allowed is at least one item.")]
    [TestCase("""{ "results": 1, "columns": [] }""", "d.md:1: $.results: 1 is given; allowed is the name of a file.")]
    [TestCase("""{ "results": "r", "rows": ["x*"], "columns": [] }""",
        "d.md:1: $.rows[0]: no experiment is named 'x*'; there are 'control', 'better'.")]
    [TestCase("""{ "results": "r", "columns": [{ "metric": "rate" }], "colour": 1 }""",
        "d.md:1: $: the key 'colour' is unknown; allowed are 'results', 'rows', 'columns', 'sort'.")]
    [TestCase("""{ "results": "r", "columns": [{ "metric": "rate" }], "sort": { "column": "x" } }""",
        "d.md:1: $.sort.column: no column has the header 'x'; there are 'rate'.")]
    [TestCase("""[]""", "d.md:1: $: [] is given; allowed is an object.")]
    public void WhatIsWrongWithATableIsSaid(string json, string problem) => Assert.That(Refused(Block(json)), Is.EqualTo(problem));

    [TestCase("""{}""", "a column needs 'metric' or 'show'.")]
    [TestCase("""{ "metric": "rate", "show": "seeds" }""", "a column has either 'metric' or 'show'.")]
    [TestCase("""{ "metric": "rate", "change": "ratio", "closed": 1 }""", "a column has one of 'change', 'closed' and 'against'.")]
    public void WhatIsWrongWithAColumnIsSaid(string json, string problem) =>
        Assert.That(Refused(Block(Column(json))), Is.EqualTo($"d.md:1: $.columns[0]: {problem}"));

    [TestCase("""{ "metric": "raet" }""", "metric: no row has the value 'raet'; there are 'rate', 'nll'.")]
    [TestCase("""{ "metric": "rate", "at": 15 }""",
        "metric: no row has a figure of 'rate' here; the evaluations of the adversarial phase are at 0, 10, 20.")]
    [TestCase("""{ "metric": "rate", "at": -1 }""",
        "at: -1 is given; allowed is 'last', 'start', 'mean', a whole number of iterations, " +
            "{ \"best\": METRIC }, or { \"where\": METRIC, \"is\": NUMBER }.")]
    [TestCase("""{ "metric": "rate", "at": { "best": "rate" } }""",
        "at: which values of 'rate' are better is not known; say \"better\": \"higher\" or \"lower\".")]
    [TestCase("""{ "metric": "rate", "against": "nobody" }""", "against: no experiment is named 'nobody'; there are 'control', 'better'.")]
    [TestCase("""{ "metric": "rate", "digits": 1.5 }""", "digits: 1.5 is given; allowed is a whole number from 0 to 10.")]
    [TestCase("""{ "metric": "rate", "spread": "no" }""", "spread: \"no\" is given; allowed is true or false.")]
    [TestCase("""{ "metric": "rate", "closed": "1" }""", "closed: \"1\" is given; allowed is a number.")]
    [TestCase("""{ "metric": "" }""", "metric: \"\" is given; allowed is a text.")]
    [TestCase("""{ "metric": "rate", "best": "most" }""", "best: \"most\" is given; allowed is 'higher', 'lower'.")]
    [TestCase("""{ "metric": "rate", "published": { "nobody": 1 } }""",
        "published: the key 'nobody' is unknown; allowed are 'control', 'better'.")]
    public void WhatIsWrongWithAColumnsValueIsSaid(string json, string problem) =>
        Assert.That(Refused(Block(Column(json))), Is.EqualTo($"d.md:1: $.columns[0].{problem}"));

    [Test]
    public void TheCommandAndTheMachineTimeAreSaid()
    {
        Assert.That(Lines(Two, """{ "results": "r.json" }""", "command"), Is.EqualTo(new[]
        {
            "Command:", "", "    textgan run two.json", "",
            "Machine time: 3 minutes in all (6 runs: 2 experiments, seeds 1 to 3). Machine: X64. Version: 0.1.0+0123456, 2026-11-30.",
        }));
        Assert.That(Lines(Two, """{ "results": "r.json", "rows": ["better"] }""", "command")[^1],
            Does.StartWith("Machine time: 90 seconds in all (3 runs: 1 experiment, seeds 1 to 3)."));
        Assert.That(Refused(Block("""{ "results": "r.json" }""", "command"), _ => Two with { Command = null }), Is.EqualTo(
            "d.md:1: $.results: the summary does not say the command of 'control'; 'textgan summarize' writes it with --command."));
    }
}
