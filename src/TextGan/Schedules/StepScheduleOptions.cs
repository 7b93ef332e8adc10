namespace TextGan.Schedules;

/// <summary>One value up to an iteration, another from it on: switches a term on or off.</summary>
public sealed record StepScheduleOptions : ScheduleOptions
{
    /// <summary>The value before the switch. Default 0.</summary>
    public double From { get; init; }

    /// <summary>The value from the switch on. Default 1.</summary>
    public double To { get; init; } = 1;

    /// <summary>The first iteration that has the second value. Default 0.</summary>
    [Range(0, int.MaxValue)]
    public int At { get; init; }

    public override double ValueAt(long step, long total) => step < At ? From : To;
}
