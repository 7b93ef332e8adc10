using System.Globalization;
using TextGan.Benchmarks.Paths;

namespace TextGan.Benchmarks.Measuring;

/// <summary>
/// Memory of a path: how far the resident memory of a process that does nothing else rises above what it was once models and data stood.
/// </summary>
static class PeakMemory
{
    /// <summary>The command that measures in its own process.</summary>
    public const string Command = "memory-of";

    const int Runs = 4;

    /// <summary>Bytes, measured in a new process; null where the system tells no peak (Linux does).</summary>
    public static long? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        return long.TryParse(OwnProcess.Run(Command, path), CultureInfo.InvariantCulture, out var bytes) ? bytes : null;
    }

    /// <summary>Bytes by which this process rises while the path runs.</summary>
    public static long OfThisProcess(string path)
    {
        using var built = PathCatalogue.Build(path);
        var before = Kilobytes("VmRSS:");
        for (var run = 0; run < Runs; run++) built.Run();
        return (Kilobytes("VmHWM:") - before) * 1024;
    }

    static long Kilobytes(string name)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "").Trim(), CultureInfo.InvariantCulture);
    }
}
