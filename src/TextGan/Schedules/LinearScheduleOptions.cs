namespace TextGan.Schedules;

/// <summary>From one value to another in equal steps, reached at the last iteration.</summary>
public sealed record LinearScheduleOptions : ScheduleOptions
{
    /// <summary>The value at the first iteration. Default 1.</summary>
    public double From { get; init; } = 1;

    /// <summary>The value at the last iteration. Default 0.</summary>
    public double To { get; init; }

    public override double ValueAt(long step, long total) => From + (To - From) * Progress(step, total);
}
