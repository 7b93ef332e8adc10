using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace TextGan.Operations.Cpu;

/// <summary>
/// What vectors the loops may use here. A loop that has less than it was written for is slower than LibTorch's operations, so it does not
/// run.
/// </summary>
static class Processor
{
    /// <summary>
    /// Vectors of any width whose products are added in one instruction: without it each lane's would be a call (<see cref="FastExp"/>).
    /// </summary>
    public static bool HasVectors => Vector.IsHardwareAccelerated && (Fma.IsSupported || AdvSimd.IsSupported);

    /// <summary>Vectors of 256 bits (<see cref="MatrixTile"/>, <see cref="GumbelNoise"/>).</summary>
    public static bool HasMiddleVectors => HasVectors && Vector256.IsHardwareAccelerated;

    /// <summary>Vectors of 512 bits (<see cref="MatrixProduct"/>).</summary>
    public static bool HasWideVectors => HasVectors && Vector512.IsHardwareAccelerated;

    /// <summary>
    /// Whether MKL, LibTorch's library for products on x86, has kernels for this processor: it has those for Intel's alone.
    /// </summary>
    public static bool IsKnownToMkl { get; } = X86Base.IsSupported && X86Base.CpuId(0, 0).Ebx == Genu;

    /// <summary>The first letters of "GenuineIntel".</summary>
    const int Genu = 0x756E6547;

    public static string Vectors => HasWideVectors ? "vectors of 512 bits" : HasMiddleVectors ? "vectors of 256 bits" : HasVectors
        ? "vectors of 128 bits" : "no vectors";
}
