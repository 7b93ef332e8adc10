using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using TextGan.Tests.Runs;

namespace TextGan.Tests.Cli.Jobs;

/// <summary>Runs that a command makes side by side, in real processes.</summary>
public class JobRunnerTests
{
    static readonly string[] Long =
        ["--set", "training.iterations=60", "--set", "training.checkpointEvery=5", "--set", "evaluation.every=60"];

    [Test]
    public void Each_run_has_the_bits_that_it_has_alone()
    {
        using var run = new SmallRun();
        run.Read();
        var expected = run.Run(new SilentObserver(), default, "seeds=[1,2,3]");
        var both = CommandRun.In(run.Folder, null, Arguments("--seeds", "1,2,3"));
        Assert.That((both.Code, both.Error), Is.EqualTo((0, "")));
        foreach (var result in expected) RunTrace.AssertSame(Path.Combine(run.Folder, "side", "small", $"{result.Seed}"), result.Folder);
        Assert.That(both.Output,
            Does.Contain("small/1: pretraining: ").And.Contain("small/2: adversarial: ").And.Contain("3 runs finished"));
        Assert.That(both.Output.Split("  tokenizer: ").Length, Is.EqualTo(2), "what both say of the data is shown once");
        Assert.That(File.ReadAllText(Path.Combine(run.Folder, "plots", "small", "summary.csv")),
            Does.Contain("small,1,adversarial").And.Contain("small,3,adversarial"), "all are compared");
        var again = CommandRun.In(run.Folder, null, Arguments("--seeds", "1,2,3"));
        Assert.That(again.Output, Does.Contain("small/1: finished by an earlier command").And.Contain("3 runs finished"));
    }

    /// <summary>
    /// Arguments reach the processes as they were meant: blanks, a value that looks like an option, the file behind "--".
    /// </summary>
    [Test]
    public void Arguments_are_passed_on()
    {
        using var run = new SmallRun();
        run.Read();
        File.Move(Path.Combine(run.Folder, "small.json"), Path.Combine(run.Folder, "-a b.json"));
        var both = CommandRun.In(run.Folder, null, "run", "-j", "2", "--runs=-r s", "--plots", "plots", "--seeds", "1", "2", "--set",
            "training.iterations=0", "--", "-a b.json");
        Assert.That((both.Code, both.Error), Is.EqualTo((0, "")));
        Assert.That(Directory.EnumerateDirectories(Path.Combine(run.Folder, "-r s", "small")).Select(Path.GetFileName),
            Is.EquivalentTo(["1", "2"]));
        foreach (var seed in (string[])["1", "2"])
        {
            var environment = JsonNode.Parse(File.ReadAllText(Path.Combine(run.Folder, "-r s", "small", seed, "environment.json")))!;
            Assert.That((string?)environment["command"], Is.EqualTo((string?)environment["history"]![0]!["command"]).And.EqualTo(
                "textgan run --jobs 2 '--runs=-r s' --plots plots --seeds 1 --seeds 2 --set training.iterations=0 -- '-a b.json'"));
        }
    }

    [Test]
    public void A_run_gets_its_share_of_the_processors()
    {
        using var run = new SmallRun();
        run.Read();
        var both = CommandRun.In(run.Folder, null, Arguments("--seeds", "1,2", "--set", "threads=null", "--set", "training.iterations=0"));
        Assert.That((both.Code, both.Error), Is.EqualTo((0, "")));
        var environment = JsonNode.Parse(File.ReadAllText(Of(run, 1).Environment))!;
        Assert.That((int)environment["threads"]!, Is.EqualTo(Math.Max(1, Environment.ProcessorCount / 2)));
    }

    /// <summary>Workers get the right settings, also of what the command itself decides: threads.</summary>
    [Test]
    public void A_sweep_over_threads_and_batch_has_the_bits_that_it_has_alone()
    {
        using var run = new SmallRun();
        run.Read();
        string[] sweep = ["--set", "sweep={\"threads\":[1,2],\"training.batch\":[4,8]}", "--set", "training.iterations=2"];
        var both = CommandRun.In(run.Folder, null, Arguments(sweep));
        Assert.That((both.Code, both.Error), Is.EqualTo((0, "")));
        Assert.That(both.Output.Split("pretraining: taken from '").Length - 1, Is.EqualTo(2),
            "one of two runs with equal threads computes it");
        var alone = CommandRun.In(run.Folder, null, ["run", "small.json", "--jobs", "1", "--runs", "alone", .. sweep]);
        Assert.That((alone.Code, alone.Error), Is.EqualTo((0, "")));
        foreach (var name in (string[])["threads=1+batch=4", "threads=1+batch=8", "threads=2+batch=4", "threads=2+batch=8"])
        {
            var folder = Path.Combine("small+" + name, "1");
            RunTrace.AssertSame(Path.Combine(run.Folder, "side", folder), Path.Combine(run.Folder, "alone", folder));
        }
    }

    /// <summary>Where experiments leave the threads open, all processes must agree on them, or nothing is shared.</summary>
    [Test]
    public void Both_pretrainings_are_computed_once()
    {
        using var run = new SmallRun();
        run.Read();
        var both = CommandRun.In(run.Folder, null,
            Arguments("--set", "threads=null", "--set", "sweep={\"discriminators.real.weight\":[1,2]}"));
        Assert.That((both.Code, both.Error), Is.EqualTo((0, "")));
        Assert.That(Directory.EnumerateDirectories(Path.Combine(run.Folder, "side", "shared")).Select(folder =>
            Path.GetFileName(folder).Split('-')[0]), Is.EquivalentTo(["generator", "discriminators"]));
    }

    [Test]
    public void A_stop_ends_those_that_wait_for_a_pretraining()
    {
        using var run = new SmallRun();
        run.Read();
        string[] twins = ["--set", "sweep={\"training.batch\":[4,8]}", "--set", "pretraining.epochs=500", "--set", "threads=1"];
        using var command = Process.Start(new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "textgan-cli.dll"), .. Arguments(twins)])
        {
            WorkingDirectory = run.Folder, RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        while (command.StandardOutput.ReadLine() is { } line && !line.Contains("pretraining: waiting for"))
        {
        }
        Send(command.Id, "TERM");
        var rest = command.StandardOutput.ReadToEnd();
        Assert.That(End(command), Is.EqualTo(143));
        Assert.That(rest, Does.Contain("2 runs stopped"));
    }

    [Test]
    public void A_sweep_over_devices_leaves_no_choice()
    {
        using var run = new SmallRun();
        run.Read();
        var swept = CommandRun.In(run.Folder, null, Arguments("--set", "sweep={\"device\":[\"cpu\",\"auto\"]}", "--devices", "cpu"));
        Assert.That((swept.Code, swept.Error),
            Is.EqualTo((2, "--devices: the experiment 'small+device=cpu' sweeps over 'device'; leave --devices out.\n")));
    }

    [Test]
    public void A_run_that_is_killed_fails_alone_and_is_resumed()
    {
        using var run = new SmallRun();
        run.Read();
        using var command = Start(run, Long);
        var victim = HolderOf(run, 1);
        Process.GetProcessById(victim).Kill();
        Assert.That(End(command), Is.EqualTo(1));
        Assert.That(command.StandardError.ReadToEnd(), Does.Contain("small, seed 1 failed: its process ended with exit code 137 (SIGKILL"));
        Assert.That(File.Exists(Of(run, 2).Outcome), Is.True, "the other one went on");
        AssertResumes(run);
    }

    [Test]
    public void A_signal_stops_all_with_checkpoints()
    {
        using var run = new SmallRun();
        run.Read();
        using var command = Start(run, Long);
        _ = HolderOf(run, 1);
        _ = HolderOf(run, 2);
        Send(command.Id, "TERM");
        Assert.That(End(command), Is.EqualTo(143));
        foreach (var seed in (int[])[1, 2])
            Assert.That((string?)JsonNode.Parse(File.ReadAllText(Of(run, seed).Outcome))!["outcome"], Is.EqualTo("stopped"));
        AssertResumes(run);
    }

    [Test]
    public void The_processes_end_with_the_one_that_started_them()
    {
        using var run = new SmallRun();
        run.Read();
        using var command = Start(run, Long);
        int[] processes = [HolderOf(run, 1), HolderOf(run, 2)];
        command.Kill(); // SIGKILL
        command.WaitForExit();
        Assert.That(() => processes.Any(IsThere), Is.False.After(10_000, 50));
        AssertResumes(run);
    }

    [TestCase("0"), TestCase("-1"), TestCase("two")]
    public void An_invalid_number_of_runs_is_rejected(string count)
    {
        using var place = new Workplace();
        var run = CommandRun.In(place.Folder, null, "run", $"--jobs={count}");
        Assert.That((run.Code, run.Error), Is.EqualTo((2, $"--jobs: '{count}' is not a number of runs; 1 or more are allowed.\n")));
    }

    [TestCase("gpu", "'gpu' is not a device; allowed are auto, cpu, cuda and cuda:N."), TestCase("cpu,cpu", "names a device twice.")]
    public void Invalid_devices_are_rejected(string devices, string problem)
    {
        using var place = new Workplace();
        var run = CommandRun.In(place.Folder, null, "run", "--devices", devices);
        Assert.That((run.Code, run.Error), Is.EqualTo((2, $"--devices: {problem}\n")));
    }

    [Test]
    public void An_invalid_order_is_rejected() =>
        Assert.That(CommandRun.Of("run", "--worker", "1"), Has.Property("Code").EqualTo(2).And.Property("Error").Contains("--worker"));

    /// <summary>The same command ends both runs with the bits of runs that nothing interrupted.</summary>
    static void AssertResumes(SmallRun run)
    {
        using (var command = Start(run, Long)) Assert.That(End(command), Is.Zero);
        var expected = run.Run(new SilentObserver(), default,
            ["seeds=[1,2]", .. Long.Where(word => word != "--set")]);
        foreach (var result in expected) RunTrace.AssertSame(Of(run, result.Seed).Root, result.Folder);
    }

    static string[] Arguments(params string[] more) => ["run", "small.json", "--jobs", "2", "--runs", "side", "--plots", "plots", .. more];

    static RunFolder Of(SmallRun run, int seed) => new(Path.Combine(run.Folder, "side", "small", $"{seed}"));

    static Process Start(SmallRun run, string[] more) => Process.Start(new ProcessStartInfo("dotnet",
        [Path.Combine(AppContext.BaseDirectory, "textgan-cli.dll"), .. Arguments(["--seeds", "1,2", "--quiet", .. more])])
    {
        WorkingDirectory = run.Folder, RedirectStandardError = true, RedirectStandardOutput = true,
    })!;

    static int End(Process process)
    {
        Assert.That(process.WaitForExit(120_000), "the program ends");
        return process.ExitCode;
    }

    /// <summary>The process that makes a run, once it has a checkpoint of the adversarial phase.</summary>
    static int HolderOf(SmallRun run, int seed)
    {
        var folder = Of(run, seed);
        Assert.That(() => Checkpoint.In(folder.Checkpoints).Any(checkpoint => checkpoint.Phase != Phase.Pretraining.NameOf()),
            Is.True.After(90_000, 20));
        return (int)JsonNode.Parse(File.ReadAllText(folder.Holder))!["process"]!;
    }

    static bool IsThere(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    static void Send(int process, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, process.ToString()]);
        kill.WaitForExit();
    }
}
