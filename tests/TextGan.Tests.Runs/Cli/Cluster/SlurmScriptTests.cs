using TextGan.Cli.Cluster;

namespace TextGan.Tests.Cli.Cluster;

/// <summary>The script of an array job: its text, and what it does when bash runs it.</summary>
[Platform(Exclude = "Win", Reason = "needs bash")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SlurmScriptTests : IDisposable
{
    const string Odd = "it's \"$HOME\" `x` \\ 100% *";

    readonly TemporaryFiles files = new();

    public void Dispose() => files.Dispose();

    SlurmJob Job(params string[] program) => new()
    {
        Name = "textgan-small", Runs = ["small/1", "small/2"], Program = program, Arguments = ["--set=a=b", "--", Odd],
        WorkingFolder = files.Folder, Folder = Directory.CreateDirectory(files.PathOf("runs/slurm/time")).FullName, BeforeEnd = 5,
    };

    (int Code, string[] Notes, string Output) Run(SlurmJob job, string scontrol = "echo \"$@\" > \"${0%/*}/asked\"")
    {
        var script = files.Write("job.sh", SlurmScript.Of(job));
        var programs = Bash.Programs(files.PathOf("bin"), ("scontrol", scontrol), ("squeue", "echo 2026-11-29T12:00:00"));
        using var bash = Bash.Element(script, programs);
        return (bash.End(), Notes(), File.ReadAllText(files.PathOf("runs/slurm/time/0.log")));
    }

    string[] Notes() => [.. File.ReadAllLines(files.PathOf("runs/slurm/time/0.jsonl")).Select(line =>
        System.Text.RegularExpressions.Regex.Replace(line, "\"at\":[0-9]+", "\"at\":0"))];

    static readonly string Started = "{\"event\":\"started\",\"at\":0,\"job\":\"12_0\",\"host\":\"node7\",\"ends\":"
        + new DateTimeOffset(new DateTime(2026, 11, 29, 12, 0, 0, DateTimeKind.Local)).ToUnixTimeSeconds() + "}";

    static string Ended(int code) => $"{{\"event\":\"ended\",\"at\":0,\"code\":{code}}}";

    [Test]
    public void Options_of_the_command_follow_those_of_the_template()
    {
        var template = new SlurmTemplate(["#SBATCH --time=9", "#SBATCH --mem=8G"], ["module load dotnet"]);
        var lines = SlurmScript.Of(Job("program") with { Limit = 4, Time = "2:00:00", Partition = "gpu", Template = template }).Split('\n');
        Assert.That(lines.TakeWhile(line => line.StartsWith('#')), Is.EqualTo(new[]
        {
            "#!/bin/bash", "#SBATCH --job-name=textgan-small", "#SBATCH --time=9", "#SBATCH --mem=8G", "#SBATCH --array=0-1%4",
            "#SBATCH --time=2:00:00", "#SBATCH --partition=gpu", "#SBATCH --signal=B:USR1@300", "#SBATCH --requeue",
            "#SBATCH --output=/dev/null",
        }));
        Assert.That(lines.SkipWhile(line => line != "runs=(").TakeWhile(line => line != ")").Skip(1),
            Is.EqualTo(new[] { "    'small/1'", "    'small/2'" }));
        Assert.That(lines.SkipWhile(line => !line.StartsWith("cd ", StringComparison.Ordinal)).Take(6), Is.EqualTo(new[]
        {
            $"cd -- '{files.Folder}' || exit", "", "module load dotnet", "", "set +eu",
            "'program' run --run=\"$run\" '--set=a=b' '--' 'it'\\''s \"$HOME\" `x` \\ 100% *' &",
        }));
    }

    [Test]
    public void What_is_not_given_is_left_to_Slurm() =>
        Assert.That(SlurmScript.Of(Job("program")),
            Does.Contain("--array=0-1\n").And.Not.Contain("--time=").And.Not.Contain("--partition"));

    [Test]
    public void Every_character_of_a_folder_and_an_argument_arrives()
    {
        var folder = Directory.CreateDirectory(files.PathOf(Odd)).FullName;
        var job = Job("printf", "[%s]") with { WorkingFolder = folder, Folder = folder, Template = new([], ["set -eu", "pwd"]) };
        var script = files.Write("job.sh", SlurmScript.Of(job));
        Bash.AssertReads(script);
        using var bash = Bash.Element(script, Bash.Programs(files.PathOf("none")));
        Assert.That(bash.End(), Is.Zero);
        Assert.That(File.ReadAllText(Path.Combine(folder, "0.log")), Is.EqualTo($"{folder}\n[run][--run=small/1][--set=a=b][--][{Odd}]"));
    }

    [TestCase(0), TestCase(1), TestCase(143)]
    public void The_exit_code_is_noted_and_handed_on(int code)
    {
        var (ended, notes, _) = Run(Job("bash", "-c", $"exit {code}"));
        Assert.That(ended, Is.EqualTo(code));
        Assert.That(notes, Is.EqualTo(new[] { Started, Ended(code) }));
        Assert.That(File.Exists(files.PathOf("bin/asked")), Is.False, "nothing is requeued");
    }

    const string Stops = "trap 'echo stopped; exit 143' TERM; kill -USR1 $PPID; while :; do sleep 0.05; done",
        Checkpoints = "mkdir -p runs/small/1/checkpoints; touch runs/small/1/checkpoints/pretraining-7.sha256; ";

    [Test]
    public void The_signal_before_the_limit_stops_the_run_and_requeues_the_element()
    {
        var (_, notes, output) = Run(Job("bash", "-c", Checkpoints + Stops));
        Assert.That(output, Is.EqualTo("stopped\n"));
        Assert.That(notes, Is.EqualTo(new[] { Started, "{\"event\":\"requeued\",\"at\":0}" }));
        Assert.That(File.ReadAllText(files.PathOf("bin/asked")), Is.EqualTo("requeue 12_0\n"));
    }

    [Test]
    public void An_element_that_Slurm_does_not_requeue_has_ended()
    {
        var (code, notes, _) = Run(Job("bash", "-c", Checkpoints + Stops), "exit 1");
        Assert.That(code, Is.EqualTo(143));
        Assert.That(notes, Is.EqualTo(new[] { Started, "{\"event\":\"requeued\",\"at\":0}", Ended(143) }));
    }

    [Test]
    public void A_run_without_progress_is_not_requeued_for_ever()
    {
        var (_, notes, output) = Run(Job("bash", "-c", Stops));
        Assert.That(notes, Is.EqualTo(new[] { Started, Ended(143) }));
        Assert.That(output, Is.EqualTo("stopped\nNot requeued, because the run made no progress: the time limit is too short, or " +
            "--before-end too long.\n"));
    }

    [TestCase("trap 'exit 0' TERM", 0), TestCase("trap 'exit 1' TERM", 1)]
    public void A_run_that_ends_by_itself_after_the_signal_is_not_requeued(string trap, int code)
    {
        var (ended, notes, _) = Run(Job("bash", "-c", $"{trap}; kill -USR1 $PPID; while :; do sleep 0.05; done"));
        Assert.That((ended, notes[^1]), Is.EqualTo((code, Ended(code))));
    }

    [Test]
    public void A_job_that_is_ended_from_outside_is_not_requeued()
    {
        var (_, notes, _) = Run(Job("bash", "-c", "trap '' TERM; kill -USR1 $PPID; sleep 0.2; kill -TERM $PPID; sleep 0.2; exit 143"));
        Assert.That(notes, Is.EqualTo(new[] { Started, "{\"event\":\"terminated\",\"at\":0}", Ended(143) }));
    }

    [Test]
    public void Set_up_lines_with_the_same_variables_change_nothing()
    {
        var (_, notes, output) = Run(Job("echo", "the run") with { Template = new([], ["folder=/none", "run=other"]) });
        Assert.That(notes, Is.EqualTo(new[] { Started, Ended(0) }));
        Assert.That(output, Does.Contain("the run run --run=small/1"));
    }

    [TestCase("exit 3", 3), TestCase("if [ -f x ]; fi", 2), TestCase("set -e; false", 1), TestCase("kill -TERM $$", 143)]
    public void Set_up_lines_that_fail_end_the_element(string line, int code)
    {
        var (ended, notes, output) = Run(Job("echo", "the run") with { Template = new([], [line]) });
        Assert.That((ended, notes[^1]), Is.EqualTo((code, Ended(code))));
        Assert.That(output, Does.Not.Contain("the run"));
    }
}
