using System.Globalization;

namespace TextGan.Cli.Jobs;

/// <summary>Main memory of this machine, or of the container that the process runs in.</summary>
public static class MachineMemory
{
    /// <summary>Bytes that all processes together may hold.</summary>
    public static long Limit => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Bytes that new processes can take without others being swapped out, as far as the system says.</summary>
    public static long Free
    {
        get
        {
            if (!OperatingSystem.IsLinux()) return Limit;
            var line = File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
            var number = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            return long.TryParse(number, CultureInfo.InvariantCulture, out var kilobytes) ? Math.Min(Limit, kilobytes * 1024) : Limit;
        }
    }

    /// <summary>Whether another process has room.</summary>
    /// <param name="needed">Bytes that it is expected to need.</param>
    /// <param name="running">What each running process is expected to need, and what it holds already.</param>
    /// <param name="limit">As <see cref="Limit"/>.</param>
    /// <param name="free">As <see cref="Free"/>.</param>
    public static bool HasRoom(long needed, IReadOnlyCollection<(long Estimate, long Held)> running, long limit, long free) =>
        needed + running.Sum(one => Math.Max(one.Estimate, one.Held)) <= limit
        && needed + running.Sum(one => Math.Max(0, one.Estimate - one.Held)) <= free;
}
