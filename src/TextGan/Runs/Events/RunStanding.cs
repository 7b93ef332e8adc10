namespace TextGan.Runs.Events;

/// <summary>How far an earlier command came with a run.</summary>
public enum RunStanding
{
    /// <summary>Nothing is there, or it is to be started over.</summary>
    New,

    /// <summary>It was stopped, killed, or failed: it is resumed.</summary>
    Begun,

    /// <summary>It is done.</summary>
    Finished,
}
