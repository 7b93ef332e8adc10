namespace TextGan.Tests;

/// <summary>
/// The processor time that this process, with all its threads, has used since the clock was made: unlike time on the wall it does not grow
/// where other programs keep the machine busy.
/// </summary>
sealed class ProcessorClock
{
    readonly TimeSpan begin = Environment.CpuUsage.TotalTime;

    public TimeSpan Elapsed => Environment.CpuUsage.TotalTime - begin;
}
