namespace TextGan.Schedules;

/// <summary>
/// From one value to another by a constant factor per step: from·(to/from)^(i/(N-1)). RelGAN's schedule "exp" of an inverse
/// temperature and, with the reciprocal values, of a temperature.
/// </summary>
public sealed record ExponentialScheduleOptions : ScheduleOptions
{
    /// <summary>The value at the first iteration; greater than 0. Default 1.</summary>
    [Range(1e-12, 1e12)]
    public double From { get; init; } = 1;

    /// <summary>The value at the last iteration; greater than 0. Default 0.1.</summary>
    [Range(1e-12, 1e12)]
    public double To { get; init; } = 0.1;

    public override double ValueAt(long step, long total) => From * Math.Pow(To / From, Progress(step, total));
}
