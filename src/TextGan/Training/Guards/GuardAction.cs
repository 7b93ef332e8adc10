namespace TextGan.Training.Guards;

/// <summary>
/// What is done when a guard finds something. Whatever it is, but for <see cref="Off"/>, is an event in metrics.jsonl and a mark on the
/// plots.
/// </summary>
public enum GuardAction
{
    /// <summary>Nothing; the guard does not look.</summary>
    Off,

    /// <summary>An event, and training continues. Noted once, until the condition has passed and comes again.</summary>
    Warn,

    /// <summary>The run fails with a sentence.</summary>
    Stop,

    /// <summary>The newest checkpoint from before it began is loaded, and training resumes from there with a lower learning rate.</summary>
    RollBack,
}
