using TextGan.Reporting;
using TextGan.Tests.Reporting;

namespace TextGan.Tests.Cli;

public sealed class PlotCommandTests
{
    static FakeRun Small(string experiment, int seed) =>
        new(experiment, seed) { Iterations = 12, PretrainingUpdates = 20, DiscriminatorUpdates = 10, EvaluateEvery = 4 };

    static Workplace WithRuns()
    {
        var place = new Workplace();
        Small("first", 1).Write(place.At("runs"));
        foreach (var seed in new[] { 2, 10, 1 }) Small("second", seed).Write(place.At("runs"));
        return place;
    }

    static CommandRun Plot(Workplace place, params string[] arguments) => CommandRun.In(place.Folder, null, ["plot", .. arguments]);

    static string[] Folders(Workplace place, string below = "plots") =>
        [.. Directory.EnumerateFiles(place.At(below), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(place.At(below), Path.GetDirectoryName(file)!).Replace('\\', '/')).Distinct()
            .Order(StringComparer.Ordinal)];

    [Test]
    public void OneRunGetsItsPictures()
    {
        using var place = WithRuns();
        var run = Plot(place, "runs/first/1");
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        Assert.That(Folders(place), Is.EqualTo(new[] { "first/seed-1" }), "and no comparison with itself");
        var files = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(files, Is.EquivalentTo(Directory.EnumerateFiles(place.At("plots", "first", "seed-1"))), "each is named");
        Assert.That(files.Select(Path.GetFileName), Does.Contain("metrics.png").And.Contain("metrics.svg"));
    }

    [Test]
    public void SeveralRunsAreCompared()
    {
        using var place = WithRuns();
        var run = Plot(place, "runs/first/1", "runs/second/2", "--name", "both", "--plots", "pictures");
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        Assert.That(Folders(place, "pictures"), Is.EqualTo(new[] { "both", "first/seed-1", "second/seed-2" }));
        Assert.That(File.ReadAllLines(place.At("pictures", "both", "summary.csv"))[1..]
            .Select(line => string.Join(',', line.Split(',')[..2])).Distinct(),
            Is.EqualTo(new[] { "first,1", "second,2" }));
        Assert.That(File.ReadAllText(place.At("pictures", "both", "comparison-metrics.svg")), Does.Contain("both"));
    }

    [Test]
    public void AnExperimentsFolderStandsForItsSeedsInOrder()
    {
        using var place = WithRuns();
        Directory.CreateDirectory(place.At("runs", "second", "notes"));
        Assert.That(Plot(place, "runs/second/").Code, Is.Zero);
        Assert.That(Folders(place), Is.EqualTo(new[] { "comparison", "second/seed-1", "second/seed-10", "second/seed-2" }));
        Assert.That(File.ReadAllLines(place.At("plots", "comparison", "summary.csv"))[1..].Select(line => line.Split(',')[1]).Distinct(),
            Is.EqualTo(new[] { "1", "2", "10" }));
    }

    [Test]
    public void ARunThatIsNamedTwiceIsDrawnOnce()
    {
        using var place = WithRuns();
        var run = Plot(place, "runs/first/1", "runs/first", place.At("runs", "first", "1"), "runs/../runs/first/1/");
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        Assert.That(Folders(place), Is.EqualTo(new[] { "first/seed-1" }));
    }

    [Test]
    public void A_run_from_two_folders_would_count_as_two_seeds()
    {
        using var place = WithRuns();
        Small("first", 1).Write(place.At("others"));
        Assert.That(Plot(place, "runs/first/1", "runs/second/2", "others/first"), Is.EqualTo(
            new CommandRun(2, "", "RUN: 'first' is given twice with seed 1; name one of them.\n")));
        Assert.That(Directory.Exists(place.At("plots")), Is.False, "nothing is drawn then");
        Assert.That(() => ComparisonPlots.Draw([place.At("runs", "first", "1"), place.At("others", "first", "1")], place.At("p"), "p"),
            Throws.TypeOf<InvalidInputException>());
    }

    [Test]
    public void WhatIsNoRunIsNamedTogether()
    {
        using var place = WithRuns();
        Directory.CreateDirectory(place.At("empty"));
        Assert.That(Plot(place, "runs/first/1", "empty", "nowhere", "experiments.json"), Is.EqualTo(new CommandRun(2, "",
            "empty: is not a run folder: it has no metrics.jsonl. Name a folder such as runs/EXPERIMENT/SEED.\nnowhere: does not exist.\n" +
            "experiments.json: is a file; name a folder such as runs/EXPERIMENT/SEED.\n")));
        Assert.That(Directory.Exists(place.At("plots")), Is.False, "nothing is drawn then");
    }

    [Test]
    public void NoRunIsBadInput() =>
        Assert.That(CommandRun.Of("plot"), Has.Property("Code").EqualTo(2).And.Property("Error").Contains("RUN"));

    [TestCase("a/b")]
    [TestCase("..")]
    [TestCase(".")]
    [TestCase("")]
    [TestCase("a\0b")]
    public void NamesThatAreNoFolderAreRefused(string name)
    {
        using var place = WithRuns();
        var run = Plot(place, "runs/first/1", "runs/second/1", "--name", name);
        Assert.That(run, Is.EqualTo(new CommandRun(2, "", $"--name: '{name.Replace("\0", "\\u0000")}' cannot be a folder's name.\n")));
        Assert.That(Directory.Exists(place.At("plots")), Is.False);
    }

    [Test]
    public void ADamagedLogIsNamedWithItsLine()
    {
        using var place = WithRuns();
        var file = place.At("runs", "first", "1", "metrics.jsonl");
        var lines = File.ReadAllLines(file);
        lines[3] = "{\"phase\":\"adversarial\"";
        File.WriteAllLines(file, lines);
        var run = Plot(place, "runs/first/1");
        Assert.That(run.Code, Is.EqualTo(2));
        Assert.That(run.Error, Does.StartWith($"{file}:4: The line is not a metric line: ").And.EndsWith("\n"));
    }

    [Test]
    public void AFolderThatCannotBeWrittenIsBadInput()
    {
        using var place = WithRuns();
        var run = Plot(place, "runs/first/1", "--plots", "experiments.json");
        Assert.That(run.Code, Is.EqualTo(2));
        Assert.That(run.Error, Does.StartWith($"{place.At("experiments.json")}: cannot be written: "));
    }

    [Test]
    public void ARunThatHasLoggedNothingHasNoPictures()
    {
        using var place = WithRuns();
        Directory.CreateDirectory(place.At("runs", "third", "1"));
        File.WriteAllText(place.At("runs", "third", "1", "metrics.jsonl"), "");
        Assert.That(Plot(place, "runs/third/1"), Is.EqualTo(new CommandRun(0, "", "")));
    }
}
