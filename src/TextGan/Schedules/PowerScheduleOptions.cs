namespace TextGan.Schedules;

/// <summary>
/// From one value to another by a power of the share of the way done: from + (to - from)·(i/(N-1))^exponent. Of an inverse temperature that
/// is RelGAN's schedule "quad" with the exponent 2, "sqrt" with 0.5 and "lin" with 1.
/// </summary>
public sealed record PowerScheduleOptions : ScheduleOptions
{
    /// <summary>The value at the first iteration. Default 1.</summary>
    public double From { get; init; } = 1;

    /// <summary>The value at the last iteration. Default 0.</summary>
    public double To { get; init; }

    /// <summary>Above 1: slow, then fast; below 1: fast, then slow. Default 2.</summary>
    [Range(0.001, 1000.0)]
    public double Exponent { get; init; } = 2;

    public override double ValueAt(long step, long total) => From + (To - From) * Math.Pow(Progress(step, total), Exponent);
}
