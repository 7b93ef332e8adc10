namespace TextGan.Training.Guards;

/// <summary>A loss, term, gradient or weight that is NaN or infinite.</summary>
public sealed record NotANumberGuardOptions : ComponentOptions
{
    /// <summary>
    /// "stop" (default), "roll-back", or "warn", which leaves out that update and those of the generator in the same iteration. Whatever it
    /// says, nothing that is not finite reaches a weight or an optimiser's moments, and weights that are not finite for another reason are
    /// never written to a checkpoint: they stop the run even where it says "warn".
    /// </summary>
    public GuardAction Action { get; init; } = GuardAction.Stop;

    public override IEnumerable<Problem> Validate(string path)
    {
        if (Action == GuardAction.Off)
            yield return new($"{path}.action", "'off' found; training cannot continue with NaN: expected 'warn', 'stop' or 'roll-back'.");
    }
}
