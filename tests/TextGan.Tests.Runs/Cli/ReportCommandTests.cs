using System.Text.RegularExpressions;
using TextGan.Cli.Display;
using TextGan.Tests.Reporting;
using TextGan.Tests.Reporting.Report;

namespace TextGan.Tests.Cli;

public sealed class ReportCommandTests
{
    static Workplace WithRuns()
    {
        var place = new Workplace();
        ReportRuns.Small("first", 1).Write(place.At("runs"));
        foreach (var seed in new[] { 2, 10, 1 }) ReportRuns.Small("second", seed).Write(place.At("runs"));
        return place;
    }

    static CommandRun Report(Workplace place, params string[] arguments) => CommandRun.In(place.Folder, null, ["report", .. arguments]);

    [Test]
    public void The_folder_of_all_runs_gives_one_file()
    {
        using var place = WithRuns();
        var run = Report(place, "runs");
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Match($"^Wrote {Regex.Escape(place.At("report.html"))}: 4 runs, 0\\.\\d MB\\.\n$"));
        var data = ReportRuns.DataIn(place.At("report.html"));
        Assert.That(data.GetProperty("title").GetString(), Is.EqualTo("first, second"));
        Assert.That(data.GetProperty("runs").EnumerateArray().Select(one => one.GetProperty("seed").GetString()),
            Is.EqualTo(new[] { "1", "1", "2", "10" }));
    }

    [Test]
    public void What_is_left_out_is_said()
    {
        using var place = WithRuns();
        var samples = Directory.CreateDirectory(place.At("runs", "first", "1", "samples")).FullName;
        File.WriteAllLines(Path.Combine(samples, "adversarial-00000120.jsonl"),
            Enumerable.Range(0, 101).Select(_ => new SampleLine { Text = "a", Tokens = 1, Ended = true }.ToJson()));
        var run = Report(place, "runs/first/1", "-o", "out/here.html");
        Assert.That(run.Code, Is.Zero);
        Assert.That(run.Error, Is.EqualTo("Of each evaluation the first 100 texts are here; all are in the run's folder 'samples'.\n"));
        Assert.That(run.Output, Does.StartWith($"Wrote {place.At("out", "here.html")}: 1 run, "));
    }

    [Test]
    public void What_cannot_be_a_report_is_bad_input()
    {
        using var place = WithRuns();
        Directory.CreateDirectory(place.At("empty"));
        Directory.CreateDirectory(place.At("runs", "third", "1"));
        File.WriteAllText(place.At("runs", "third", "1", "metrics.jsonl"), "");
        Assert.That(Report(place, "empty", "nowhere"), Is.EqualTo(new CommandRun(2, "",
            "empty: is not a run folder: it has no metrics.jsonl. Name a folder such as runs/EXPERIMENT/SEED.\n" +
            "nowhere: does not exist.\n")));
        Assert.That(Report(place, "runs", "-o", "empty"),
            Is.EqualTo(new CommandRun(2, "", "--output: 'empty' is a folder; name a file.\n")));
        Assert.That(Report(place, "runs/third/1"), Is.EqualTo(new CommandRun(2, "", "RUN: no run has logged anything yet.\n")));
        var blocked = Report(place, "runs/first", "-o", "experiments.json/report.html");
        Assert.That(blocked.Code, Is.EqualTo(2));
        Assert.That(blocked.Error, Does.StartWith($"--output: '{place.At("experiments.json", "report.html")}' cannot be written: "));
        Assert.That(Directory.EnumerateFiles(place.Folder, "*.html"), Is.Empty);
    }

    [Test]
    public void A_damaged_log_and_damaged_samples_are_named_with_their_line()
    {
        using var place = WithRuns();
        File.WriteAllText(place.At("runs", "second", "10", "metrics.jsonl"), "{}\n");
        var samples = Directory.CreateDirectory(place.At("runs", "first", "1", "samples")).FullName;
        File.WriteAllText(Path.Combine(samples, "adversarial-00000120.jsonl"), "{\"text\":1}\n");
        var report = Report(place, "runs");
        Assert.That((report.Code, report.Output), Is.EqualTo((2, "")));
        Assert.That(report.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(2), report.Error);
        Assert.That(report.Error, Does.StartWith($"{Path.Combine(samples, "adversarial-00000120.jsonl")}:1: The line is not a sample: ")
            .And.Contains($"\n{place.At("runs", "second", "10", "metrics.jsonl")}:1: The line is not a metric line: "));
    }

    [Test]
    public void A_run_of_an_experiment_that_is_given_from_two_folders_is_rejected()
    {
        using var place = WithRuns();
        ReportRuns.Small("first", 1).Write(place.At("others"));
        Assert.That(Report(place, "runs/first/1", "others/first/1"), Is.EqualTo(
            new CommandRun(2, "", "RUN: 'first' is given twice with seed 1; name one of them.\n")));
    }

    sealed class Words : IRunSink
    {
        public List<string> Said { get; } = [];

        public void Receive(RunEvent happened)
        {
            if (happened is RunEvent.Said said) Said.Add(said.Text);
        }
    }

    [Test]
    public void A_command_that_runs_writes_the_report_of_its_runs()
    {
        using var place = WithRuns();
        var words = new Words();
        var sink = new PlotSink(place.At("plots"), "experiments", words);
        sink.Receive(new RunEvent.AllEnded([place.At("runs", "first", "1")]));
        var file = place.At("plots", "experiments", "report.html");
        Assert.That(words.Said, Is.Empty, "the command tells where it is at its end");
        Assert.That(sink.Report!.File, Is.EqualTo(file));
        Assert.That(ReportRuns.DataIn(file).GetProperty("title").GetString(), Is.EqualTo("experiments"));
    }

    [Test]
    public void A_report_that_cannot_be_written_is_a_line_and_no_failure()
    {
        using var place = WithRuns();
        Directory.CreateDirectory(place.At("plots", "experiments", "report.html"));
        var words = new Words();
        Assert.That(() => new PlotSink(place.At("plots"), "experiments", words)
            .Receive(new RunEvent.AllEnded([place.At("runs", "first", "1"), place.At("runs", "second", "1")])), Throws.Nothing);
        Assert.That(words.Said, Has.Count.EqualTo(2));
        Assert.That(words.Said[0], Is.EqualTo($"plots: {place.At("plots", "experiments")}"));
        Assert.That(words.Said[1], Does.StartWith("the report could not be written: "));
    }
}
