using System.Globalization;

namespace TextGan.Cli.Jobs;

/// <summary>Main memory of this machine, or of the container that the process runs in.</summary>
static class MachineMemory
{
    /// <summary>Bytes that new processes can take without others being swapped out.</summary>
    public static long Available
    {
        get
        {
            var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            if (!OperatingSystem.IsLinux()) return limit;
            var line = File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
            return line is not null && long.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture,
                out var kilobytes) ? Math.Min(limit, kilobytes * 1024) : limit;
        }
    }

    /// <summary>"1.2 GB".</summary>
    public static string Text(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB");
}
