using System.Runtime.InteropServices;

namespace TextGan.Native;

/// <summary>
/// Keeps glibc from giving large freed blocks back to the system. A training step frees and asks for the same sizes over and
/// over; without this, most of its time on the CPU goes into page faults (a maximum-likelihood step takes twice as long).
/// </summary>
public static partial class AllocatorTuning
{
    const int TrimThreshold = -1, TopPad = -2, MmapMax = -4; // M_* of <malloc.h>
    const int TopPadBytes = 256 << 20;

    /// <summary>Call before the first tensor is made. Does nothing outside Linux with glibc. Returns whether it took effect.</summary>
    public static bool Apply()
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            return SetOption(MmapMax, 0) == 1 & SetOption(TrimThreshold, int.MaxValue) == 1 & SetOption(TopPad, TopPadBytes) == 1;
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            return false; // another C library
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetOption(int parameter, int value);
}
