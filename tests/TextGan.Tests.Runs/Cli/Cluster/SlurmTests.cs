using System.Diagnostics;
using System.Text.Json.Nodes;
using TextGan.Tests.Runs;

namespace TextGan.Tests.Cli.Cluster;

/// <summary>
/// One array job on a real Slurm. Its time limit is two minutes: Slurm's times are whole minutes, and its signal may come up to a minute
/// early.
/// </summary>
[Category("Slurm")]
public sealed class SlurmTests : IDisposable
{
    const string Template = """
        #SBATCH --comment=test
        # This run does not hear of its limit.
        [ "$run" != stuck/1 ] || trap '' USR1
        """;

    SmallRun? files;
    Dictionary<string, JsonNode> status = [];
    string runs = "", job = "", straight = "";

    [OneTimeSetUp]
    public void RunOneJob()
    {
        if (SlurmCluster.Missing is { } missing) Assert.Ignore(missing);
        files = new();
        // Long enough that its first job cannot finish it, whatever this machine's speed.
        var clock = Stopwatch.StartNew();
        files.Run(new SilentObserver(), default, "training.iterations=300", "evaluation.every=100");
        var iterations = (int)(300 * 150 / clock.Elapsed.TotalSeconds);
        var defaults = JsonNode.Parse(File.ReadAllText(Path.Combine(files.Folder, "small.json")))!;
        defaults.AsObject().Remove("name");
        (defaults["training"]!["iterations"], defaults["evaluation"]!["every"]) = (iterations, 100);
        File.WriteAllText(Path.Combine(files.Folder, "it's three.json"), $$"""
            { "defaults": {{defaults}}, "experiments": [
                { "name": "long" },
                { "name": "stuck", "training": { "iterations": 10000000 } },
                { "name": "bad", "guards": { "explodingGradient": { "action": "stop", "limit": 1e-9 } } } ] }
            """);
        File.WriteAllText(Path.Combine(files.Folder, "template.sh"), Template);
        runs = Path.Combine(files.Folder, "the $runs");
        var program = Path.Combine(AppContext.BaseDirectory, "textgan-cli.dll");
        using var cluster = new SlurmCluster();
        TestContext.Progress.WriteLine(cluster.Run(files.Folder, "dotnet", program, "submit", "it's three.json", "--slurm", "--time", "2",
            "--before-end", "1", "--template", "template.sh", "--runs", "the $runs"));

        // Meanwhile the same run without an interruption.
        var whole = Path.Combine(files.Folder, "whole");
        cluster.Run(files.Folder, "dotnet", program, "run", "it's three.json", "--run", "long/1", "--runs", whole, "--plots",
            whole + "-plots");
        straight = RunFolder.Of(whole, "long", 1).Root;
        for (var until = DateTime.UtcNow.AddMinutes(15); DateTime.UtcNow < until && cluster.Run("/", "squeue", "--noheader") != "";)
            Thread.Sleep(2000);
        job = cluster.Run("/", "scontrol", "show", "job", "--oneliner");
        TestContext.Progress.WriteLine(cluster.Run(files.Folder, "dotnet", program, "status", "the $runs"));
        status = JsonNode.Parse(cluster.Run(files.Folder, "dotnet", program, "status", "the $runs", "--json"))!.AsArray()
            .ToDictionary(one => one!["run"]!.ToString(), one => one!);
    }

    public void Dispose() => files?.Dispose();

    string Notes(int element) =>
        File.ReadAllText(Path.Combine(Directory.EnumerateDirectories(Path.Combine(runs, "slurm")).Single(), $"{element}.jsonl"));

    [Test]
    public void A_run_is_requeued_before_its_limit_and_resumes_with_equal_bits()
    {
        Assert.That(status["long/1"]["status"]!.ToString(), Is.EqualTo("finished"), status["long/1"].ToString());
        Assert.That(Notes(0), Does.Contain("requeued").And.Not.Contain("terminated"));
        Assert.That(job, Does.Match("ArrayTaskId=0 .*JobState=COMPLETED .*Restarts=[1-9]"));
        RunTrace.AssertSame(RunFolder.Of(runs, "long", 1).Root, straight);
    }

    [Test]
    public void A_run_that_reaches_its_limit_has_failed()
    {
        Assert.That(job, Does.Match("ArrayTaskId=1 .*JobState=TIMEOUT"));
        Assert.That((status["stuck/1"]["status"]!.ToString(), status["stuck/1"]["reason"]!.ToString()[..44]),
            Is.EqualTo(("failed", "reached the time limit of its job before it ")));
    }

    [Test]
    public void A_run_that_ends_with_exit_code_1_has_failed()
    {
        Assert.That(job, Does.Match("ArrayTaskId=2 .*JobState=FAILED .*ExitCode=1:0"));
        Assert.That(Notes(2), Does.Contain("\"code\":1}"));
        Assert.That((status["bad/1"]["status"]!.ToString(), status["bad/1"]["reason"]!.ToString()),
            Is.EqualTo(("failed", status["bad/1"]["reason"]!.ToString())));
        Assert.That(status["bad/1"]["reason"]!.ToString(), Does.Contain("gradient"));
    }
}
