namespace TextGan.Training.Guards;

/// <summary>
/// A discriminator that judges every real and every generated text right, time after time: it gives the generator nothing to learn from.
/// </summary>
public sealed record WinningDiscriminatorGuardOptions : ComponentOptions
{
    /// <summary>"off", "warn" (default), "stop" or "roll-back".</summary>
    public GuardAction Action { get; init; } = GuardAction.Warn;

    /// <summary>
    /// Adversarial iterations in a row, of those in which it learns, with accuracy 1 on real and on generated texts. Default 50.
    /// </summary>
    [Range(1, 100_000_000)]
    public int Steps { get; init; } = 50;
}
