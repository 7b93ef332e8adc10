namespace TextGan.Schedules;

/// <summary>
/// From one value to another along a sigmoid, most of the way in the middle third: from + (to - from)·σ(20·(i/(N-1) - ½)). The first and
/// the last value are within 5·10⁻⁵ of the way of both ends. RelGAN's schedule "sigmoid" of an inverse temperature.
/// </summary>
public sealed record SigmoidScheduleOptions : ScheduleOptions
{
    /// <summary>The value before the change. Default 1.</summary>
    public double From { get; init; } = 1;

    /// <summary>The value after it. Default 0.</summary>
    public double To { get; init; }

    public override double ValueAt(long step, long total) => From + (To - From) / (1 + Math.Exp(20 * (0.5 - Progress(step, total))));
}
