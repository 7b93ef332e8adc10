using System.Diagnostics;
using TextGan.Runs;

namespace TextGan.Tests.Runs;

/// <summary>Processes that share a file of experiments.</summary>
public class SideBySideTests
{
    [Test]
    public void TwoProcessesMakeTwoRunsOfOneFileAtOnce()
    {
        using var run = new SmallRun();
        run.Read();
        var expected = run.Run(new SilentObserver(), default, "seeds=[1,2]");
        Process[] both = [Start(run.Folder, 1), Start(run.Folder, 2)];
        foreach (var process in both)
        {
            Assert.That(process.WaitForExit(120_000), "the program ends");
            Assert.That(process.ExitCode, Is.Zero, process.StandardError.ReadToEnd());
        }
        foreach (var result in expected) RunTrace.AssertSame(Path.Combine(run.Folder, "side", "small", $"{result.Seed}"), result.Folder);
        var table = File.ReadAllText(Path.Combine(run.Folder, "side-plots", "small", "summary.csv"));
        Assert.That(table, Does.Contain("small,1,adversarial").And.Contain("small,2,adversarial"), "the later one compares both");
    }

    [Test]
    public void APretrainingOfAnotherProcessIsTakenAndTheBitsAreTheSame()
    {
        using var run = new SmallRun();
        LoadedPair(run, out var first, out var second);
        IReadOnlyList<RunResult> Go(string folder, SilentObserver sink, RunId? only) =>
            new ExperimentRunner(new RunnerOptions { RunsFolder = Path.Combine(run.Folder, folder), Only = only }, sink)
                .Run([first, second], default);
        var sink = new SilentObserver();
        var alone = Go("alone", new SilentObserver(), new RunId("second", 1)).Single();
        Go("shared", new SilentObserver(), new RunId("first", 1));
        var shared = Go("shared", sink, new RunId("second", 1)).Single();
        Assert.That(sink.Messages, Does.Contain("pretraining: taken from 'first' (same settings and seed)"));
        Assert.That(sink.Events.OfType<RunEvent.AllEnded>().Single().Folders, Has.Count.EqualTo(2), "both can be compared");
        RunTrace.AssertSame(shared.Folder, alone.Folder);
    }

    static void LoadedPair(SmallRun run, out TextGan.Experiments.Reading.LoadedExperiment first,
        out TextGan.Experiments.Reading.LoadedExperiment second) =>
        (first, second) = (run.Read("name=first"), run.Read("name=second", "training.iterations=3"));

    static Process Start(string folder, int seed)
    {
        var start = new ProcessStartInfo("dotnet") {
            WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "textgan-cli.dll"), "run", "small.json", "--seeds",
            "1,2", "--run", $"small/{seed}",
            "--runs", "side", "--plots", "side-plots", "--quiet"])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
