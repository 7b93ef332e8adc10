
namespace TextGan.Cli.Status;

/// <summary>What a run folder, and the notes of array jobs, say of a run.</summary>
public sealed record RunStatus(RunId Run, StatusKind Kind)
{
    /// <summary>Since when it is as it is; null if that is not known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The process or the job; null if that is not known.</summary>
    public string? Where { get; init; }

    /// <summary>Why it failed or stopped; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>How far its log is; null before the first line.</summary>
    public LogTail? Progress { get; init; }

    /// <summary>Adversarial iterations in all; null if that is not known.</summary>
    public long? Iterations { get; init; }

    /// <summary>When the job's time limit is reached, of a run in a job; null without one.</summary>
    public DateTimeOffset? Limit { get; init; }

    /// <summary>The time that the rest of the adversarial phase will take; null if that is not known.</summary>
    public TimeSpan? Left => Kind == StatusKind.Running && Progress is { Phase: Phase.Adversarial } progress && Iterations is { } all
        ? progress.TimeFor(all - progress.Step) : null;
}
