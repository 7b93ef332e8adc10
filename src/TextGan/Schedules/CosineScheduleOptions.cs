namespace TextGan.Schedules;

/// <summary>From one value to another along half a cosine: slow, fast, slow.</summary>
public sealed record CosineScheduleOptions : ScheduleOptions
{
    /// <summary>The value at the first iteration. Default 1.</summary>
    public double From { get; init; } = 1;

    /// <summary>The value at the last iteration. Default 0.</summary>
    public double To { get; init; }

    public override double ValueAt(long step, long total) => To + (From - To) * 0.5 * (1 + Math.Cos(Math.PI * Progress(step, total)));
}
