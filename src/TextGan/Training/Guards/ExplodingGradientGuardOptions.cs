namespace TextGan.Training.Guards;

/// <summary>A gradient of the generator whose norm is far too large.</summary>
public sealed record ExplodingGradientGuardOptions : ComponentOptions
{
    /// <summary>"off", "warn" (default), "stop" or "roll-back".</summary>
    public GuardAction Action { get; init; } = GuardAction.Warn;

    /// <summary>The Euclidean norm, before clipping, above which a gradient has exploded. Default 1000.</summary>
    [Range(1e-12, 1e30)]
    public double Limit { get; init; } = 1000;
}
