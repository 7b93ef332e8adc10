using TextGan.Cli.Cluster;

namespace TextGan.Cli.Status;

/// <summary>What the notes of an array job say of one of its runs.</summary>
public sealed class ElementStatus
{
    /// <summary>The script shows every minute that it is alive; clocks of machines may differ.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    /// <summary>Slurm ends a job some seconds before or after its limit.</summary>
    static readonly TimeSpan NearLimit = TimeSpan.FromMinutes(1);

    readonly ElementNote? last, terminated;
    readonly RunStatus waiting, running;
    readonly string log;
    readonly bool isAlive;

    public ElementStatus(RunId run, Submission job, int element, DateTimeOffset now)
    {
        var notes = job.Notes(element);
        last = notes is [.., var newest] ? newest : null;
        At = last is null ? job.Submitted : Time(last.At);
        var start = notes.LastOrDefault(note => note.Event == "started");
        terminated = notes.LastOrDefault(note => note.Event is "started" or "terminated") is { Event: "terminated" } found ? found : null;
        log = job.Log(element);
        isAlive = last is not null && now - job.LastSign(element) < Silence;
        waiting = new(run, StatusKind.Queued) { Since = At, Where = job.Job is null ? null : $"job {job.Job}_{element}" };
        running = waiting with
        {
            Kind = StatusKind.Running,
            Where = start is null ? waiting.Where : $"job {start.Job} on {start.Host}",
            Limit = start?.Ends is { } ends ? Time(ends) : null,
        };
    }

    /// <summary>When it was noted.</summary>
    public DateTimeOffset At { get; }

    /// <summary>The run's status while its folder is locked; null if something else than the job works on it.</summary>
    public RunStatus? Locked => last?.Event is "started" or "terminated" ? running : null;

    /// <summary>The run's status while its folder is not locked.</summary>
    /// <param name="outcome">What its folder says; it is not later than the notes.</param>
    public RunStatus Unlocked(RunOutcome? outcome)
    {
        if (last is null or { Event: "requeued" }) return waiting;
        var isStopped = outcome is { Kind: StatusKind.Stopped };
        var ended = running with { Limit = null, Kind = isStopped ? StatusKind.Stopped : StatusKind.Failed };
        if (last.Event == "started")
        {
            // Before the run begins; or its lock is on another machine.
            return isAlive ? running : ended with { Kind = StatusKind.Failed, Reason = $"killed: its job ended without a word; see {log}" };
        }
        if (last.Code == 0)
        {
            return outcome is { Kind: StatusKind.Finished } ? ended with { Kind = StatusKind.Finished }
                : ended with { Reason = $"exit code 0, but the run is not finished; see {log}" };
        }
        if (terminated is not null)
        {
            return Time(terminated.At) > running.Limit - NearLimit
                ? ended with { Kind = StatusKind.Failed, Reason = $"reached the time limit of its job before it was requeued; see {log}" }
                : ended with { Reason = "its job was cancelled or preempted" };
        }
        return ended with { Reason = outcome?.Message ?? $"exit code {last.Code}; see {log}" };
    }

    static DateTimeOffset Time(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToLocalTime();
}
