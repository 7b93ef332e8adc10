using System.Diagnostics;
using TextGan.Runs;
using TextGan.Training;

namespace TextGan.Tests.Runs;

/// <summary>Folders that cannot be written: a sentence, and what was there before is whole.</summary>
public class RefusedFolderTests
{
    [Test]
    public void A_full_disk_ends_the_run_with_a_sentence_and_the_run_goes_on_when_there_is_room()
    {
        using var run = new SmallRun();
        using var disk = SmallDisk.Mount(Path.Combine(run.Folder, "runs"), "size=1m");
        string[] changes = ["training.iterations=40", "training.checkpointEvery=1", "training.keepCheckpoints=1000"];
        var experiment = run.Read(changes);
        using var straight = new InterruptedRun(experiment, Path.Combine(run.Folder, "straight"));
        straight.Go();

        using var full = new InterruptedRun(experiment, Path.Combine(run.Folder, "runs"));
        var failure = Assert.Throws<RunFailedException>(() => full.Go())!;
        Assert.That(failure.Message, Does.StartWith("The run's files cannot be written: ").And.Contain("No space left on device"));
        var checkpoints = Checkpoint.In(full.Folder.Checkpoints);
        Assert.That(checkpoints, Has.Count.GreaterThan(1));
        foreach (var checkpoint in checkpoints) checkpoint.Read().Clear();
        foreach (var line in MetricLog.ReadLines(full.Folder.Metrics)) MetricLine.Parse(line);
        Assert.That(Directory.EnumerateFiles(full.Folder.Root, "*.tmp", SearchOption.AllDirectories), Is.Empty);

        disk.Resize("size=100m");
        Assert.That(full.Go().Outcome, Is.EqualTo("finished"));
        Assert.That(full.Messages, Has.Some.StartsWith("resumed at adversarial step"));
        RunTrace.AssertSame(full.Folder.Root, straight.Folder.Root);
    }

    [Test]
    public void A_full_disk_for_what_runs_share_costs_a_warning()
    {
        using var run = new SmallRun();
        using var disk = SmallDisk.Mount(Path.Combine(run.Folder, "runs", "shared"), "size=8k");
        var observer = new SilentObserver();
        Assert.That(run.Run(observer, default).Single().Outcome, Is.EqualTo("finished"));
        Assert.That(observer.Messages,
            Has.One.Match("^warning: pretraining: is not shared with other runs: No space left on device"));
    }

    [Test]
    public void A_read_only_folder_is_named()
    {
        using var run = new SmallRun();
        using var disk = SmallDisk.Mount(Path.Combine(run.Folder, "runs"), "ro");
        var failure = Assert.Throws<RunFailedException>(() => run.Run(new SilentObserver(), default))!;
        Assert.That(failure.Message,
            Is.EqualTo($"The run folder {run.Folder}/runs/small/1 cannot be written: Read-only file system : '{run.Folder}/runs/small'"));
    }

    /// <summary>A file system in memory, which takes root to make.</summary>
    sealed class SmallDisk : IDisposable
    {
        readonly string folder;

        SmallDisk(string folder) => this.folder = folder;

        public static SmallDisk Mount(string folder, string options)
        {
            if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
                Assert.Ignore("A file system can be mounted by root on Linux only.");
            Directory.CreateDirectory(folder);
            if (Call("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder) != 0)
                Assert.Ignore("This system lets nobody mount a file system.");
            return new SmallDisk(folder);
        }

        public void Resize(string options) => Assert.That(Call("mount", "-o", $"remount,{options}", folder), Is.Zero);

        public void Dispose() => Call("umount", folder);

        static int Call(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode;
        }
    }
}
