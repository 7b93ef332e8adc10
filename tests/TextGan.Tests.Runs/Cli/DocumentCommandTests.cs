using System.Text;

namespace TextGan.Tests.Cli;

public sealed class DocumentCommandTests
{
    const string Document = "# Rates\r\n\r\n<!-- textgan table { \"results\": \"results/two.json\", \"columns\": [" +
        "{ \"metric\": \"rate\" }, { \"metric\": \"rate\", \"against\": \"control\" }] } -->\r\n<!-- /textgan -->\r\n\r\nText  \r\n";

    const string Made = "# Rates\r\n\r\n<!-- textgan table { \"results\": \"results/two.json\", \"columns\": [" +
        "{ \"metric\": \"rate\" }, { \"metric\": \"rate\", \"against\": \"control\" }] } -->\r\n\r\n" +
        "| experiment | rate | rate, difference from `control` |\r\n|---|---|---|\r\n" +
        "| `control` | .450 (.400 to .500) |  |\r\n| `other` | .650 (.600 to .700) | +.200\\* (+.200 to +.200) |\r\n\r\n" +
        "Means over seeds 1, 2 (smallest to largest).\r\n\r\n" +
        "Differences from `control` are means over pairs of runs with the same seed (n = 2), with the 95% interval by Student's t; " +
        "\\* marks intervals that leave out 0. They are not corrected for the number of comparisons.\r\n\r\n" +
        "<!-- /textgan -->\r\n\r\nText  \r\n";

    /// <summary>Rates .4 and .5 of "control", .6 and .7 of "other".</summary>
    static Workplace WithRuns()
    {
        var place = new Workplace();
        foreach (var (experiment, seed, rate) in new[] { ("control", 1, 0.4), ("control", 2, 0.5), ("other", 1, 0.6), ("other", 2, 0.7) })
        {
            var folder = RunFolder.Of(place.At("runs"), experiment, seed);
            Directory.CreateDirectory(folder.Root);
            var values = new Dictionary<string, double> { ["metric/rate"] = rate };
            File.WriteAllText(folder.Metrics,
                new MetricLine { Phase = "adversarial", Step = 5, Seconds = 12.3, Values = values }.ToJson() + "\n");
            File.WriteAllText(folder.Config, $$"""{ "name": "{{experiment}}", "length": 5, "training": { "iterations": 5 } }""");
            File.WriteAllText(folder.Outcome, """{ "outcome": "finished" }""");
            File.WriteAllText(folder.Environment, """
                { "history": [{ "textgan": "0.1.0+0123456789", "processor": "X64", "processors": 2, "device": "cpu", "threads": 1,
                  "started": "2026-11-30T10:00:00+00:00" }] }
                """);
        }
        Directory.CreateDirectory(place.At("docs", "results"));
        File.WriteAllBytes(place.At("docs", "rates.md"), [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Document)]);
        return place;
    }

    static CommandRun Run(Workplace place, params string[] arguments) => CommandRun.In(place.Folder, null, arguments);

    static CommandRun Summarize(Workplace place, params string[] more) =>
        Run(place, ["summarize", "runs/control", "runs/other", "-o", "docs/results/two.json", .. more]);

    static string Text(Workplace place) => Encoding.UTF8.GetString(File.ReadAllBytes(place.At("docs", "rates.md")));

    [Test]
    public void RunsAreSummarizedAndDocumented()
    {
        using var place = WithRuns();
        Assert.That(Summarize(place), Is.EqualTo(new CommandRun(0, $"Wrote {place.At("docs", "results", "two.json")}: 4 runs.\n", "")));
        var name = place.At("docs", "rates.md");
        Assert.That(Run(place, "document", "docs/rates.md", "--check"), Is.EqualTo(new CommandRun(1, "",
            $"{name}:3: the block is out of date; 'textgan document' updates it.\n")));
        Assert.That(Text(place), Is.EqualTo("\uFEFF" + Document), "nothing is written");
        Directory.Delete(place.At("runs"), recursive: true);
        Assert.That(Run(place, "document", "docs/rates.md"), Is.EqualTo(new CommandRun(0, $"{name}: 1 block, 1 changed\n", "")));
        Assert.That(Text(place), Is.EqualTo("\uFEFF" + Made));
        Assert.That(Run(place, "document", "docs/rates.md", "--check"), Is.EqualTo(new CommandRun(0, "", "")));
        var written = File.GetLastWriteTimeUtc(name);
        Assert.That(Run(place, "document", "docs/rates.md").Output, Is.EqualTo($"{name}: 1 block, 0 changed\n"));
        Assert.That(File.GetLastWriteTimeUtc(name), Is.EqualTo(written));
    }

    [Test]
    public void ASummaryTellsWhereItsRunsComeFrom()
    {
        using var place = WithRuns();
        Assert.That(Summarize(place, "--command", "textgan run two.json").Code, Is.Zero);
        var json = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(place.At("docs", "results", "two.json")))!;
        var run = json["runs"]![0]!;
        Assert.That(json["command"]!.ToString(), Is.EqualTo("textgan run two.json"));
        string[] keys = ["experiment", "seed", "version", "machine", "date", "seconds", "iterations"];
        Assert.That(string.Join(", ", keys.Select(key => run[key])),
            Is.EqualTo("control, 1, 0.1.0+0123456789, X64, processors: 2, device: cpu, threads: 1, 2026-11-30, 12, 5"));
        string Fingerprint(int i) => json["runs"]![i]!["fingerprint"]!.ToString();
        Assert.That(Fingerprint(0), Has.Length.EqualTo(64));
        Assert.That(Fingerprint(3), Is.EqualTo(Fingerprint(0)), "names decide nothing");
        File.WriteAllText(place.At("runs", "other", "2", "config.json"), """{ "length": 6 }""");
        Assert.That(Summarize(place).Code, Is.Zero);
        json = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(place.At("docs", "results", "two.json")))!;
        Assert.That(Fingerprint(3), Is.Not.EqualTo(Fingerprint(0)));
    }

    [Test]
    public void The_command_that_all_runs_know_is_taken()
    {
        using var place = WithRuns();
        string? Command(params string[] arguments)
        {
            Assert.That(Summarize(place, arguments).Code, Is.Zero);
            return (string?)System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(place.At("docs", "results", "two.json")))!["command"];
        }
        void Knows(string run, string command) => File.WriteAllText(place.At("runs", run, "environment.json"),
            $$"""{ "history": [{ "command": "textgan run first" }, { "textgan": "0.1.0", "command": "{{command}}" }] }""");
        foreach (var run in (string[])["control/1", "control/2", "other/1"]) Knows(run, "textgan run rates.json");
        Assert.That(Command(), Is.Null, "one does not know it");
        Knows("other/2", "textgan run rates.json");
        Assert.That(Command(), Is.EqualTo("textgan run rates.json"));
        Assert.That(Command("--command", "make rates"), Is.EqualTo("make rates"));
        Knows("other/2", "textgan run other.json");
        Assert.That(Command(), Is.Null, "there are two");
    }

    [Test]
    public void ABlankCommandIsNone()
    {
        using var place = WithRuns();
        Assert.That(Summarize(place, "--command", "  ").Code, Is.Zero);
        Assert.That(File.ReadAllText(place.At("docs", "results", "two.json")), Does.Contain("\"command\": null"));
    }

    [Test]
    public void ARunThatIsGivenTwiceIsRejected()
    {
        using var place = WithRuns();
        const string twice = "RUN: 'control' is given twice with seed 1; name one of them.\n";
        Directory.CreateDirectory(place.At("elsewhere", "control"));
        Directory.Move(place.At("runs", "control", "2"), place.At("elsewhere", "control", "1"));
        Assert.That(Summarize(place).Code, Is.Zero);
        File.Delete(place.At("docs", "results", "two.json"));
        Assert.That(Run(place, "summarize", "runs/control/1", "elsewhere/control/1", "-o", "docs/results/two.json"),
            Is.EqualTo(new CommandRun(2, "", twice)));
        Directory.Move(place.At("elsewhere", "control", "1"), place.At("runs", "control", "01"));
        Assert.That(Summarize(place), Is.EqualTo(new CommandRun(2, "", twice)));
        Assert.That(File.Exists(place.At("docs", "results", "two.json")), Is.False);
    }

    [Test]
    public void FoldersThatAreStillBeingWrittenAreNoRuns()
    {
        using var place = WithRuns();
        Directory.Move(place.At("runs", "other", "2"), place.At("runs", "other", ".2.0123.tmp"));
        Assert.That(Summarize(place).Output, Does.EndWith(": 3 runs.\n"));
    }

    [Test]
    public void RunsThatAreNotFinishedAreWarnedOf()
    {
        using var place = WithRuns();
        File.WriteAllText(place.At("runs", "other", "2", "outcome.json"), """{ "outcome": "stopped" }""");
        Assert.That(Summarize(place).Error, Is.EqualTo(
            $"warning: {place.At("runs", "other", "2")} is not finished; its summary ends at iteration 5.\n"));
    }

    /// <summary>What a run's pretraining reached is no result of its experiment.</summary>
    [Test]
    public void RunsThatStoppedInPretrainingAreLeftOut()
    {
        using var place = WithRuns();
        const string leftOut = " is not finished; it has no evaluation of its adversarial phase, and is left out.\n";
        StopInPretraining("other", 2);
        Assert.That(Summarize(place), Is.EqualTo(new CommandRun(0, $"Wrote {place.At("docs", "results", "two.json")}: 3 runs.\n",
            $"warning: {place.At("runs", "other", "2")}{leftOut}")));
        foreach (var (experiment, seed) in new[] { ("control", 1), ("control", 2), ("other", 1) }) StopInPretraining(experiment, seed);
        var none = Summarize(place);
        Assert.That((none.Code, none.Error), Is.EqualTo((2, string.Concat(new[] { "control/1", "control/2", "other/1", "other/2" }
            .Select(run => $"warning: {place.At("runs", run)}{leftOut}")) +
            "RUN: none of the runs has an evaluation of its adversarial phase.\n")));

        void StopInPretraining(string experiment, int seed)
        {
            var folder = RunFolder.Of(place.At("runs"), experiment, seed);
            File.WriteAllText(folder.Outcome, """{ "outcome": "stopped" }""");
            File.WriteAllText(folder.Metrics,
                File.ReadAllText(folder.Metrics).Replace("adversarial", "pretraining", StringComparison.Ordinal));
        }
    }

    [Test]
    public void NothingIsWrittenWhereSomethingIsWrong()
    {
        using var place = WithRuns();
        var name = place.At("docs", "rates.md");
        Assert.That(Run(place, "document", "docs/rates.md"), Is.EqualTo(new CommandRun(2, "",
            $"{name}:3: results/two.json: The file does not exist.\n")));
        Assert.That(Summarize(place).Code, Is.Zero);
        File.WriteAllText(place.At("bad.md"), "<!-- textgan table { -->\n<!-- /textgan -->\n");
        var run = Run(place, "document", "docs/rates.md", "bad.md");
        Assert.That((run.Code, run.Output), Is.EqualTo((2, "")));
        Assert.That(run.Error, Does.StartWith($"{place.At("bad.md")}:1: The block's JSON is damaged: "));
        Assert.That(Text(place), Is.EqualTo("\uFEFF" + Document), "not the good one either");
        File.WriteAllBytes(place.At("bad.md"), [0x61, 0xFF, 0x0A]);
        Assert.That(Run(place, "document", "bad.md"), Is.EqualTo(new CommandRun(2, "",
            $"{place.At("bad.md")}: The text is not UTF-8; store the file in that encoding.\n")));
    }

    [Test]
    public void RunsThatCannotBeReadAreBadInput()
    {
        using var place = WithRuns();
        File.WriteAllText(place.At("runs", "control", "1", "config.json"), "[]");
        File.Delete(place.At("runs", "control", "2", "config.json"));
        var run = Summarize(place);
        Assert.That((run.Code, run.Output), Is.EqualTo((2, "")));
        Assert.That(run.Error, Is.EqualTo(
            $"{place.At("runs", "control", "1", "config.json")}: The file holds Array; a JSON object is expected.\n" +
            $"{place.At("runs", "control", "2", "config.json")}: The file does not exist.\n"));
        Assert.That(File.Exists(place.At("docs", "results", "two.json")), Is.False);
    }

    [Test]
    public void LoggedNamesThatNobodyLogsAreRejected()
    {
        using var place = WithRuns();
        Assert.That(Summarize(place, "--logged", "metric/rate"), Is.EqualTo(new CommandRun(2, "",
            "--logged: no run has values of the name 'metric/rate' at its training steps.\n")));
        File.AppendAllText(place.At("runs", "other", "1", "metrics.jsonl"),
            new MetricLine { Phase = "adversarial", Step = 6, Seconds = 13, Values = new Dictionary<string, double> { ["total"] = 1 } }
                .ToJson() + "\n");
        Assert.That(Summarize(place, "--logged", "tota?").Error, Does.Contain("'tota?'"), "only '*' stands for others");
        Assert.That(File.Exists(place.At("docs", "results", "two.json")), Is.False);
    }

    [Test]
    public void RealRunsBecomeATable()
    {
        using var place = new Workplace(Workplace.Experiments.Replace("\"seeds\": [1, 2],", "\"seeds\": [1, 2], " +
            "\"discriminators\": [{ \"name\": \"one\", \"kind\": \"constant\", \"value\": 1 }], " +
            "\"estimator\": { \"kind\": \"reinforce\" },"));
        Assert.That(Run(place, "run", "--only", "second").Code, Is.Zero);
        Assert.That(Run(place, "summarize", "runs/second", "-o", "two.json", "--command", "textgan run --only second",
            "--logged", "term/*/raw"), Has.Property("Code").EqualTo(0).And.Property("Error").EqualTo(""));
        File.WriteAllText(place.At("a.md"), """
            <!-- textgan table { "results": "two.json", "columns": [{ "metric": "distinct-2", "at": ["start", "last"] },
              { "metric": "term/one/raw" }, { "show": "iterations" }] } -->
            <!-- /textgan -->
            <!-- textgan command { "results": "two.json" } -->
            <!-- /textgan -->

            """);
        Assert.That(Run(place, "document", "a.md").Output, Does.EndWith("a.md: 2 blocks, 2 changed\n"));
        Assert.That(File.ReadAllText(place.At("a.md")), Does
            .Contain("| experiment | distinct-2, start | distinct-2, end | term/one/raw | iterations |").And
            .Match(@"\| `second` \| (1\.000|\.\d\d\d) \((1\.000|\.\d\d\d) to .*\| -1\.000 \(-1\.000 to -1\.000\) \| 1 \|").And
            .Contain("    textgan run --only second\n"));
        Assert.That(Run(place, "document", "a.md", "--check"), Is.EqualTo(new CommandRun(0, "", "")));
    }
}
