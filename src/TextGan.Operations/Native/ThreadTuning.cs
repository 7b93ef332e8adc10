using System.Runtime.InteropServices;

namespace TextGan.Native;

/// <summary>
/// Lets LibTorch's threads sleep soon after their share of an operation is done. By default they spin for milliseconds, which
/// takes the processor away from whatever else wants it: a second run, a build. Beside another
/// program on the same two cores a step took five times as long.
/// </summary>
public static partial class ThreadTuning
{
    /// <summary>
    /// Rounds of the waiting loop, some tens of microseconds. With 100 a discriminator's step alone took longer; with 20,000 and more
    /// the waiting threads took the processor from other threads. This library's loops run on these threads, too
    /// (<see cref="ThreadTeam"/>), and find them still awake.
    /// </summary>
    const string SpinCount = "5000";

    /// <summary>
    /// Call before the first tensor is made. Does nothing outside Linux with glibc, and nothing where the environment already
    /// says how threads wait. Results do not depend on it.
    /// </summary>
    public static void Apply()
    {
        if (!OperatingSystem.IsLinux()) return;
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is not null
            || Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is not null) return;
        try
        {
            // The runtime keeps a copy of the environment of its own; the native library reads the process's.
            SetEnvironment("GOMP_SPINCOUNT", SpinCount, 0);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library: threads wait as they do by default.
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
