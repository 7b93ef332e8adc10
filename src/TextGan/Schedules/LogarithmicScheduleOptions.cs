namespace TextGan.Schedules;

/// <summary>
/// From one value to another along a logarithm, fast and then ever slower: from + (to - from)·ln(i+1)/ln N. RelGAN's schedule "log" of an
/// inverse temperature.
/// </summary>
public sealed record LogarithmicScheduleOptions : ScheduleOptions
{
    /// <summary>The value at the first iteration. Default 1.</summary>
    public double From { get; init; } = 1;

    /// <summary>The value at the last iteration. Default 0.</summary>
    public double To { get; init; }

    public override double ValueAt(long step, long total) =>
        total <= 1 ? To : From + (To - From) * Math.Log(Math.Clamp(step, 0, total - 1) + 1) / Math.Log(total);
}
