using System.Diagnostics;
using TextGan.Runs;
using TextGan.Training;

namespace TextGan.Tests.Runs;

/// <summary>
/// The real program is killed (SIGKILL) at random moments and started again, until it comes to its end: what is there then is what one that
/// was never killed leaves.
/// </summary>
public class KilledProcessTests
{
    const int Seed = 20260704;

    [Test]
    public void Four_kills_leave_no_trace() => Kill(4, out _);

    [Test, Category("Long")]
    public void Twenty_kills_leave_no_trace()
    {
        Kill(20, out var inWrite);
        Assert.That(inWrite, Is.GreaterThan(2), "some hit the program while it wrote a checkpoint");
    }

    static void Kill(int kills, out int inWrite)
    {
        using var run = new SmallRun();
        // Checkpoints all the time, and just enough work that the program lives for a second or two.
        run.Read();
        string[] sets = ["pretraining.epochs=3", "pretraining.checkpointEvery=3", "pretraining.patience=2", "training.iterations=24",
            "training.checkpointEvery=2", "evaluation.every=8",
            "discriminators.real.pretrainingSteps=8", "training.weightAverage=0.9", "training.keepBest={\"metric\":\"nll-text\"}",
                "normalization={}",
            "estimator={\"kind\":\"reinforce\",\"baseline\":{\"kind\":\"critic\",\"hidden\":8}}",
                "regularizers={\"kl\":0.1,\"likelihood\":0.1}"];
        var straight = Path.Combine(run.Folder, "straight");
        using (var whole = Start(run.Folder, straight, sets)) Assert.That(End(whole), Is.Zero);
        var expected = RunFolder.Of(straight, "small", 1);

        var random = new Random(Seed);
        (inWrite, var round, var done) = (0, 0, 0);
        while (done < kills)
        {
            // A run that came to its end between two kills is compared, and the next one begins.
            var folder = RunFolder.Of(Path.Combine(run.Folder, $"killed-{round}"), "small", 1);
            using var process = Start(run.Folder, Path.Combine(run.Folder, $"killed-{round}"), sets);
            if (KillSoon(process, folder, random, inCheckpoint: done % 2 == 1))
            {
                done++;
                if (Directory.Exists(folder.Checkpoints) && Directory.EnumerateFiles(folder.Checkpoints, ".*.tmp").Any()) inWrite++;
                continue;
            }
            Assert.That(End(process), Is.Zero);
            RunTrace.AssertSame(folder.Root, expected.Root);
            round++;
        }
        var last = Path.Combine(run.Folder, $"killed-{round}");
        using (var rest = Start(run.Folder, last, sets)) Assert.That(End(rest), Is.Zero);
        RunTrace.AssertSame(RunFolder.Of(last, "small", 1).Root, expected.Root);
        TestContext.Out.WriteLine($"{done} kills, {inWrite} of them left a half-written checkpoint; {round} runs ended between kills.");
    }

    /// <summary>
    /// Waits until this process has written something, then kills it at a random moment, or as soon as a checkpoint is being written; false
    /// where it ended first.
    /// </summary>
    static bool KillSoon(Process process, RunFolder folder, Random random, bool inCheckpoint)
    {
        var began = DateTime.UtcNow;
        var wait = TimeSpan.FromMilliseconds(random.Next(0, 900));
        // A checkpoint that is not the first one that is written: kills must not all hit the same.
        var skipped = random.Next(0, 5);
        DateTime? seen = null;
        var writing = false;
        while (!process.HasExited)
        {
            seen ??= File.Exists(folder.Holder) && File.GetLastWriteTimeUtc(folder.Holder) >= began.AddSeconds(-1) ? DateTime.UtcNow : null;
            if (seen is { } at)
            {
                var now = inCheckpoint && Directory.Exists(folder.Checkpoints)
                    && Directory.EnumerateFiles(folder.Checkpoints, ".*.safetensors.*.tmp").Any();
                if ((now && !writing && skipped-- == 0) || (!inCheckpoint && DateTime.UtcNow - at > wait))
                {
                    process.Kill(); // SIGKILL
                    process.WaitForExit();
                    return process.ExitCode != 0; // 137; 0 where it was just done
                }
                writing = now;
            }
            if (!inCheckpoint) Thread.Sleep(1);
        }
        return false;
    }

    static Process Start(string folder, string runs, IEnumerable<string> sets)
    {
        var start = new ProcessStartInfo("dotnet") {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "textgan-cli.dll"), "run", "small.json", "--runs", runs,
            "--plots", runs + "-plots", "--quiet", .. sets.SelectMany(set => (string[])["--set", set])])
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => { if (line.Data is { } text) TestContext.Progress.WriteLine(text); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    static int End(Process process)
    {
        Assert.That(process.WaitForExit(120_000), "the program ends");
        return process.ExitCode;
    }
}
