namespace TextGan.Cli.Status;

/// <summary>What a run is doing.</summary>
public enum StatusKind
{
    /// <summary>It waits for its turn, new or to be resumed.</summary>
    Queued,

    /// <summary>A process works on it.</summary>
    Running,

    /// <summary>It was stopped with a checkpoint; the same command resumes it.</summary>
    Stopped,

    Finished,

    /// <summary>It failed, or its process was killed.</summary>
    Failed,
}
