namespace TextGan.Cli.Cluster;

/// <summary>What the script of an array job notes of one of its elements, a line of JSON each time.</summary>
/// <param name="Event">"started", "requeued", "terminated" (SIGTERM: at the time limit, or with scancel) or "ended".</param>
/// <param name="At">When, in seconds since 1970.</param>
public sealed record ElementNote(string Event, long At)
{
    /// <summary>"started": the element as Slurm calls it, 12_0.</summary>
    public string? Job { get; init; }

    /// <summary>"started": the node.</summary>
    public string? Host { get; init; }

    /// <summary>"started": when the time limit is reached, in seconds since 1970; null without a limit.</summary>
    public long? Ends { get; init; }

    /// <summary>"ended": the exit code.</summary>
    public int? Code { get; init; }
}
