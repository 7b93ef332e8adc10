using TextGan.Plugins;
using TextGan.Problems;

namespace TextGan.Schedules;

/// <summary>Reads schedules; the value of one that a plug-in brought must be a finite number.</summary>
public static class CheckedSchedule
{
    /// <exception cref="RunFailedException">A plug-in's schedule gave something else.</exception>
    public static double ValueAt(ScheduleOptions schedule, long step, long total)
    {
        var value = schedule.ValueAt(step, total);
        if (!double.IsFinite(value) && PluginComponent.Of(schedule) is { } origin)
            throw origin.Fault(schedule, nameof(schedule.ValueAt), $"gave {value} at step {step}; a finite number is needed.");
        return value;
    }
}
