using System.Diagnostics;
using System.Globalization;

namespace TextGan.Tests.Fuzzing;

/// <summary>
/// How far the resident memory of this process rose above where it was; on Linux the true peak, elsewhere what it is at the end.
/// </summary>
sealed class PeakMemory : IDisposable
{
    readonly long before;

    public PeakMemory()
    {
        GC.Collect();
        if (OperatingSystem.IsLinux()) File.WriteAllText("/proc/self/clear_refs", "5"); // the peak starts anew (proc(5))
        before = Now("VmRSS");
    }

    public long Growth => Now("VmHWM") - before;

    static long Now(string line)
    {
        if (!OperatingSystem.IsLinux()) return Process.GetCurrentProcess().WorkingSet64;
        var text = File.ReadLines("/proc/self/status").First(entry => entry.StartsWith(line + ":", StringComparison.Ordinal));
        return long.Parse(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }

    public void Dispose() => GC.Collect();
}
