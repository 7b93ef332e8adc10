using System.Runtime.InteropServices;

namespace TextGan.Benchmarks.NativeCalls;

/// <summary>What the preloaded library of launches.c counts.</summary>
static class KernelLaunches
{
    delegate nint Counter();

    /// <summary>The kernels that CUDA devices were given so far; null where nothing is preloaded.</summary>
    public static long? Count => OperatingSystem.IsLinux()
        && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "textgan_kernel_launches", out var function)
        ? Marshal.GetDelegateForFunctionPointer<Counter>(function)() : null;
}
