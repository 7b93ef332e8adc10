using TextGan.Problems;
using TextGan.Schedules;

namespace TextGan.Tests.Plugin;

[Kind("faulty")]
public sealed record FaultyScheduleOptions : ScheduleOptions
{
    public Fault Fault { get; init; }

    public override double ValueAt(long step, long total) => Fault == Fault.Throw ? throw new InvalidOperationException("no such table.")
        : double.NaN;
}
