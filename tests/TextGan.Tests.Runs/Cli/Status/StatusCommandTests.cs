using System.Text.Json.Nodes;
using TextGan.Cli.Cluster;
using TextGan.Cli.Status;
using TextGan.Runs;

namespace TextGan.Tests.Cli.Status;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StatusCommandTests : IDisposable
{
    static readonly DateTimeOffset Noon = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    readonly TemporaryFiles files = new();

    public void Dispose() => files.Dispose();

    RunFolder Folder(string run) => RunFolder.Of(files.Folder, run.Split('/')[0], int.Parse(run.Split('/')[1]));

    RunFolder Begun(string run, string? outcome = null, string? message = null, DateTimeOffset? ended = null)
    {
        var folder = Folder(run);
        Directory.CreateDirectory(folder.Root);
        File.WriteAllText(folder.Config, "{\"training\":{\"iterations\":2000}}");
        if (outcome is not null)
            File.WriteAllText(folder.Outcome, new JsonObject { ["outcome"] = outcome, ["message"] = message,
                ["ended"] = (ended ?? Noon).ToString("yyyy-MM-dd'T'HH:mm:sszzz") }.ToJsonString());
        return folder;
    }

    /// <summary>A job of one run, submitted an hour before noon, with these notes; its script showed at noon that it is alive.</summary>
    Submission Job(string run, params (string Event, int Minutes, string More)[] notes)
    {
        var job = Submission.New(files.Folder, Noon.AddHours(-1), [run]) with { Job = "12" };
        job.WriteDescription();
        var file = Path.Combine(job.Folder, "0.jsonl");
        if (notes.Length == 0) return job;
        File.WriteAllLines(file, notes.Select(note =>
            $"{{\"event\":\"{note.Event}\",\"at\":{Noon.AddMinutes(note.Minutes).ToUnixTimeSeconds()}{note.More}}}"));
        File.SetLastWriteTimeUtc(file, Noon.UtcDateTime);
        return job;
    }

    static (string, int, string) Started(int minutes, int? ends = null) => ("started", minutes,
        $",\"job\":\"12_0\",\"host\":\"node7\",\"ends\":{(ends is { } end ? Noon.AddMinutes(end).ToUnixTimeSeconds() : "null")}");

    static (string, int, string) Ended(int minutes, int code) => ("ended", minutes, $",\"code\":{code}");

    RunStatus Status(int minutes = 1) => StatusReader.Read(files.Folder, Noon.AddMinutes(minutes)).Single();

    [TestCase("finished", StatusKind.Finished, null), TestCase("stopped", StatusKind.Stopped, null)]
    [TestCase("failed", StatusKind.Failed, "a term is NaN")]
    public void An_outcome_tells(string outcome, StatusKind kind, string? message)
    {
        Begun("a/1", outcome, message);
        var status = Status();
        Assert.That((status.Kind, status.Reason, status.Since), Is.EqualTo((kind, message, Noon)));
    }

    [Test]
    public void A_locked_folder_is_a_run_under_way()
    {
        using var held = RunLock.Take(Begun("a/1"));
        var status = Status();
        Assert.That((status.Kind, status.Where),
            Is.EqualTo((StatusKind.Running, $"process {Environment.ProcessId} on {Environment.MachineName}")));
        Assert.That(status.Since, Is.GreaterThan(Noon.AddYears(-10)));
    }

    [Test]
    public void A_locked_folder_whose_run_has_not_begun_waits()
    {
        using var first = RunLock.Take(Folder("a/1"));
        Assert.That(Status().Kind, Is.EqualTo(StatusKind.Queued));
        Begun("a/1", "stopped");
        Assert.That(Status().Kind, Is.EqualTo(StatusKind.Queued), "to be resumed");
    }

    [Test]
    public void A_run_without_lock_and_outcome_was_killed()
    {
        var folder = Begun("a/1");
        Assert.That((Status().Kind, Status().Reason), Is.EqualTo((StatusKind.Failed, "killed; the same command resumes it")));
        File.WriteAllText(folder.Holder, "{\"process\":7,\"host\":\"elsewhere\",\"since\":\"2026-11-29T12:00:00+00:00\"}");
        Assert.That(Status().Reason, Is.EqualTo("killed, or runs on elsewhere, whose locks cannot be seen from here " +
            "(process 7 on elsewhere since 2026-11-29T12:00:00+00:00)"));
    }

    [Test]
    public void A_look_does_not_keep_a_run_from_its_folder()
    {
        var folder = Begun("a/1");
        using var stop = new CancellationTokenSource();
        var looks = Task.Run(() => { while (!stop.IsCancellationRequested) RunLock.IsHeld(folder); });
        for (var i = 0; i < 200; i++) RunLock.Take(folder).Dispose();
        stop.Cancel();
        looks.Wait();
    }

    [Test]
    public void A_submitted_run_is_queued_before_it_starts_and_after_it_is_requeued()
    {
        Job("a/1");
        Assert.That((Status().Kind, Status().Where, Status().Since), Is.EqualTo((StatusKind.Queued, "job 12_0", Noon.AddHours(-1))));
        Begun("a/1", "stopped", ended: Noon);
        Job("a/1", Started(-30), ("requeued", 0, ""));
        Assert.That((Status().Kind, Status().Since), Is.EqualTo((StatusKind.Queued, Noon)));
    }

    [Test]
    public void A_started_job_runs_while_its_script_is_alive()
    {
        var job = Job("a/1", Started(-10, ends: 20));
        var status = Status();
        Assert.That((status.Kind, status.Where, status.Limit),
            Is.EqualTo((StatusKind.Running, "job 12_0 on node7", Noon.AddMinutes(20))), "its lock may be invisible from here");
        status = Status(minutes: 6);
        Assert.That((status.Kind, status.Reason, status.Limit),
            Is.EqualTo((StatusKind.Failed, $"killed: its job ended without a word; see {job.Log(0)}", (DateTimeOffset?)null)));
        using var held = RunLock.Take(Begun("a/1", "stopped", ended: Noon.AddMinutes(-20)));
        Assert.That(Status(minutes: 6).Kind, Is.EqualTo(StatusKind.Running), "locked");
    }

    [Test]
    public void A_job_that_reached_its_limit_has_failed()
    {
        Begun("a/1", "stopped", ended: Noon);
        var job = Job("a/1", Started(-30, ends: 0), ("terminated", 0, ""), Ended(0, 143));
        Assert.That((Status().Kind, Status().Reason),
            Is.EqualTo((StatusKind.Failed, $"reached the time limit of its job before it was requeued; see {job.Log(0)}")));
    }

    [TestCase("stopped", StatusKind.Stopped), TestCase(null, StatusKind.Failed)]
    public void A_job_that_was_cancelled_has_stopped_if_the_run_left_a_checkpoint(string? outcome, StatusKind kind)
    {
        Begun("a/1", outcome);
        Job("a/1", Started(-30, ends: 60), ("terminated", 0, ""), Ended(0, 143));
        Assert.That((Status().Kind, Status().Reason), Is.EqualTo((kind, "its job was cancelled or preempted")));
    }

    [Test]
    public void A_job_that_failed_says_why()
    {
        var job = Job("a/1", Started(-30), Ended(0, 2));
        Assert.That((Status().Kind, Status().Reason), Is.EqualTo((StatusKind.Failed, $"exit code 2; see {job.Log(0)}")));
        Begun("a/1", "failed", "a term is NaN");
        Assert.That((Status().Kind, Status().Reason), Is.EqualTo((StatusKind.Failed, "a term is NaN")));
    }

    [Test]
    public void A_job_that_ended_well_has_finished_the_run()
    {
        var job = Job("a/1", Started(-30), Ended(0, 0));
        Assert.That((Status().Kind, Status().Reason),
            Is.EqualTo((StatusKind.Failed, $"exit code 0, but the run is not finished; see {job.Log(0)}")));
        Begun("a/1", "finished");
        Assert.That((Status().Kind, Status().Reason), Is.EqualTo((StatusKind.Finished, (string?)null)));
    }

    [Test]
    public void What_came_last_counts()
    {
        Begun("a/1", "finished", ended: Noon.AddMinutes(1));
        Job("a/1", Started(-30), Ended(0, 1));
        Assert.That(Status().Kind, Is.EqualTo(StatusKind.Finished), "made by hand after the job failed");
        Begun("a/1", "failed", "NaN", ended: Noon.AddHours(-2));
        Job("a/1");
        Assert.That(Status().Kind, Is.EqualTo(StatusKind.Queued), "submitted again");
    }

    [Test]
    public void Damaged_files_are_no_reason_to_show_nothing()
    {
        var folder = Begun("a/1", "finished");
        var job = Job("b/2", Started(-10));
        File.AppendAllText(Path.Combine(job.Folder, "0.jsonl"), "{\"event\":\"ended\",\"at\":9223372036854775807}\n{}\nnull\n{\"event\":");
        File.SetLastWriteTimeUtc(Path.Combine(job.Folder, "0.jsonl"), Noon.UtcDateTime);
        File.WriteAllText(folder.Config, "{");
        File.WriteAllText(folder.Metrics, "nothing");
        Directory.CreateDirectory(files.PathOf("slurm/empty"));
        File.WriteAllText(files.PathOf("slurm/empty/job.json"), "[]");
        Assert.That(StatusReader.Read(files.Folder, Noon).Select(run => (run.Run.Path, run.Kind)),
            Is.EqualTo(new[] { ("a/1", StatusKind.Finished), ("b/2", StatusKind.Running) }));
    }

    [Test]
    public void Shows_a_table_and_reasons()
    {
        var ended = DateTimeOffset.Now.AddMinutes(-61).AddSeconds(-30);
        Begun("a/2", "finished", ended: ended);
        Begun("a/10", "failed", "a term\u001b is NaN", ended);
        var folder = Begun("b/1", "stopped", ended: ended);
        File.WriteAllText(folder.Metrics, "{\"phase\":\"adversarial\",\"step\":1200,\"seconds\":1,\"values\":{}}\n");
        var run = CommandRun.In(files.Folder, null, "status", ".");
        Assert.That(run, Is.EqualTo(new CommandRun(0, """
            run   status    for      phase        step         left  limit in  where
            a/2   finished  1:01:30
            a/10  failed    1:01:30
            b/1   stopped   1:01:30  adversarial  1,200/2,000

            a/10 failed: a term\u001b is NaN
            3 runs: 1 stopped, 1 finished, 1 failed

            """, "")));
        var json = JsonNode.Parse(CommandRun.In(files.Folder, null, "status", ".", "--json").Output)!.AsArray();
        Assert.That(json.Select(one => (one!["run"]!.ToString(), one["status"]!.ToString())),
            Is.EqualTo(new[] { ("a/2", "finished"), ("a/10", "failed"), ("b/1", "stopped") }));
        Assert.That((json[1]!["reason"]!.ToString(), json[2]!["step"]!.GetValue<int>(), json[2]!["folder"]!.ToString()),
            Is.EqualTo(("a term\u001b is NaN", 1200, folder.Root)));
    }

    [Test]
    public void A_folder_without_runs_and_one_that_is_missing()
    {
        Assert.That(CommandRun.In(files.Folder, null, "status", "."), Is.EqualTo(new CommandRun(0, "no runs\n", "")));
        Assert.That(CommandRun.In(files.Folder, null, "status"),
            Is.EqualTo(new CommandRun(2, "", $"{files.PathOf("runs")}: does not exist; name a folder of run folders.\n")));
    }
}
