using System.Runtime.InteropServices;

namespace TextGan.Operations.Cpu;

/// <summary>
/// Numbers that a loop needs for a moment, at the beginning of a cache line. The C library keeps what is given back, so that the next one
/// costs nothing.
/// </summary>
readonly unsafe struct Scratch(long count) : IDisposable
{
    const int Line = 64;

    public float* Numbers { get; } = (float*)NativeMemory.AlignedAlloc(checked((nuint)Math.Max(1, count) * sizeof(float)), Line);

    public void Dispose() => NativeMemory.AlignedFree(Numbers);
}
