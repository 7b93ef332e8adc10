using System.Text.Json.Nodes;
using TextGan.Tests.Runs;

namespace TextGan.Tests.Cli.Cluster;

public class SubmitCommandTests
{
    static string[] RunsIn(string script) =>
        [.. script.Split('\n').SkipWhile(line => line != "runs=(").TakeWhile(line => line != ")").Skip(1)
            .Select(line => line.Trim(' ', '\''))];

    [Test]
    public void A_dry_run_prints_the_script_and_writes_nothing()
    {
        using var place = new Workplace();
        var run = CommandRun.In(place.Folder, null, "submit", "--slurm", "--dry-run", "--time", "2:00:00", "--limit", "2", "--seeds", "3,4",
            "--set", "training.batch=3", "--plots", "my plots");
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        Assert.That(RunsIn(run.Output), Is.EqualTo(new[] { "first/3", "first/4", "second/3", "second/4" }));
        Assert.That(run.Output, Does.Contain("#SBATCH --job-name=textgan-experiments\n").And.Contain("--array=0-3%2\n")
            .And.Contain("--time=2:00:00\n").And.Contain("--signal=B:USR1@300\n")
            .And.Contain($"textgan-cli.dll' run --run=\"$run\" '--plots=my plots' '--seeds=3,4' '--set=training.batch=3' &\n")
            .Or.Contain($"textgan-cli.dll' run --run=\"$run\" '--seeds=3,4' '--set=training.batch=3' '--plots=my plots' &\n"));
        Assert.That(Directory.EnumerateFileSystemEntries(place.Folder).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "experiments.json", "sentences.txt" }));
    }

    [Test]
    public void Finished_runs_are_left_out()
    {
        using var place = new Workplace();
        Assert.That(CommandRun.In(place.Folder, null, "run", "--only", "first", "--quiet").Code, Is.Zero);
        var run = CommandRun.In(place.Folder, null, "submit", "experiments.json", "--slurm", "--dry-run");
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "finished, left out: first/1\n")));
        Assert.That(RunsIn(run.Output), Is.EqualTo(new[] { "second/1", "second/2" }));
        Assert.That(run.Output, Does.Contain(" run --run=\"$run\" '--' 'experiments.json' &\n"));
        var none = CommandRun.In(place.Folder, null, "submit", "--slurm", "--dry-run", "--only", "first");
        Assert.That(none, Is.EqualTo(new CommandRun(0, "", "finished, left out: first/1\nNothing to submit.\n")));
        var other = CommandRun.In(place.Folder, null, "submit", "--slurm", "--dry-run", "--set", "pretraining.epochs=2");
        Assert.That((other.Code, other.Error), Is.EqualTo((2, other.Error)));
        Assert.That(other.Error, Does.Contain("holds a run of another configuration"));
    }

    [TestCase("--slurm: is missing; Slurm is the only kind of cluster.", "--dry-run")]
    [TestCase("--limit: 0 is out of range; at least 1 is allowed.", "--slurm", "--limit", "0")]
    [TestCase("--before-end: 0 is out of range; 1 to 1092 minutes are allowed.", "--slurm", "--before-end", "0")]
    [TestCase("--time: '2h' is not a time; these forms are allowed: MINUTES, MINUTES:SECONDS, HOURS:MINUTES:SECONDS, DAYS-HOURS, " +
        "DAYS-HOURS:MINUTES, DAYS-HOURS:MINUTES:SECONDS.", "--slurm", "--time", "2h")]
    [TestCase("--time: 5 leaves no time to train: a run is stopped 5 minutes before (--before-end).", "--slurm", "--time", "5")]
    [TestCase("--partition: 'a b' is not a name of a partition, or several with commas.", "--slurm", "--partition", "a b")]
    [TestCase("--slurm: the program 'sbatch' is not on the PATH; submit where Slurm is installed, or look at the script with --dry-run.",
        "--slurm")]
    public void Rejects(string message, params string[] arguments)
    {
        using var place = new Workplace();
        var run = CommandRun.In(place.Folder, null, ["submit", .. arguments]);
        Assert.That(run, Is.EqualTo(new CommandRun(2, "", message + "\n")));
        Assert.That(Directory.Exists(place.At("runs")), Is.False);
    }

    [Test]
    public void Rejects_a_template_that_is_missing()
    {
        using var place = new Workplace();
        var run = CommandRun.In(place.Folder, null, "submit", "--slurm", "--template", "none.sh");
        Assert.That(run, Is.EqualTo(new CommandRun(2, "", $"{place.At("none.sh")}: The file does not exist.\n")));
    }

    [Test, Platform(Exclude = "Win", Reason = "needs bash")]
    public void What_Slurm_rejects_leaves_nothing()
    {
        using var place = new Workplace();
        var programs = Bash.Programs(place.At("bin"),
            ("sbatch", "echo 'sbatch: error: invalid partition\nsbatch: error: failed' >&2; exit 1"));
        var run = CommandRun.With(place.Folder, null, name => name == "PATH" ? programs : null, "submit", "--slurm");
        Assert.That(run, Is.EqualTo(new CommandRun(1, "", "sbatch rejected the job: invalid partition; failed\n")));
        Assert.That(Directory.EnumerateFileSystemEntries(place.At("runs", "slurm")), Is.Empty);
    }

    /// <summary>The real program in a script that Slurm's signal reaches, then once more as Slurm starts it again.</summary>
    [Test, Platform(Exclude = "Win", Reason = "needs bash")]
    public void A_run_that_was_requeued_has_the_bits_of_one_that_was_not()
    {
        using var run = new SmallRun();
        var straight = run.Run(new SilentObserver(), default, "training.iterations=150").Single();
        var programs = Bash.Programs(Path.Combine(run.Folder, "bin"),
            ("sbatch", "[ \"$1\" = --parsable ] && bash -n \"$2\" && echo '12;main'"), ("scontrol", "exit 0"), ("squeue", "exit 1"));
        CommandRun Command(params string[] arguments) =>
            CommandRun.With(run.Folder, null, name => name == "PATH" ? programs : null, arguments);
        var submitted = Command("submit", "small.json", "--slurm", "--runs", "it's $HOME", "--set", "training.iterations=150");
        Assert.That((submitted.Code, submitted.Error), Is.EqualTo((0, "")));
        var runs = Path.Combine(run.Folder, "it's $HOME");
        var folder = Directory.EnumerateDirectories(Path.Combine(runs, "slurm")).Single();
        Assert.That(submitted.Output, Is.EqualTo($"Submitted job 12: 1 run. Script and output: {folder}.\n"));
        Assert.That(JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "job.json")))!["job"]!.GetValue<string>(), Is.EqualTo("12"));
        Assert.That(Command("status", runs).Output, Does.Contain("small/1  queued").And.Contain("job 12_0"));

        var script = Path.Combine(folder, "job.sh");
        var made = RunFolder.Of(runs, "small", 1);
        using (var first = Bash.Element(script, programs))
        {
            while (!first.HasExited && !(File.Exists(made.Metrics) && File.ReadAllText(made.Metrics).Contains("\"adversarial\"")))
                Thread.Sleep(10);
            Assert.That(Command("status", runs).Output,
                Does.Match(@"small/1  running +0:\d\d +adversarial +\d+/150 ").And.Contain("on node7"));
            first.Signal("USR1");
            first.End();
        }
        Assert.That(File.ReadAllText(Path.Combine(folder, "0.jsonl")), Does.Contain("requeued").And.Not.Contain("ended"),
            File.ReadAllText(Path.Combine(folder, "0.log")));
        Assert.That(Command("status", runs).Output, Does.Contain("small/1  queued"));
        Assert.That(Command("submit", "small.json", "--slurm", "--dry-run", "--runs", runs, "--set", "training.iterations=150").Error,
            Is.EqualTo("already queued; cancel the earlier job if this one is to make them: small/1\n"));

        using (var second = Bash.Element(script, programs)) Assert.That(second.End(), Is.Zero);
        Assert.That(File.ReadAllText(Path.Combine(folder, "0.log")), Does.Contain("resumed at adversarial step"));
        Assert.That(Command("status", runs).Output, Does.Contain("small/1  finished"));
        RunTrace.AssertSame(made.Root, straight.Folder);
    }
}
