namespace TextGan.Schedules;

/// <summary>The same value at every step.</summary>
public sealed record ConstantScheduleOptions : ScheduleOptions
{
    /// <summary>The value. Default 1.</summary>
    public double Value { get; init; } = 1;

    public override double ValueAt(long step, long total) => Value;
}
