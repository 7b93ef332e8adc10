using TextGan.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// Loops of this library's own over tensors in main memory, on LibTorch's threads (<see cref="ThreadTeam"/>). How many of them a loop uses
/// follows from its size, and the parts from their number; who does a part does not matter.
/// </summary>
static unsafe class CpuLoop
{
    /// <summary>So many numbers are worth a thread.</summary>
    public const long Grain = 1 << 14;

    /// <summary>Whether such a loop may run over a tensor: floats in main memory, one after the other, addressable by a span.</summary>
    public static bool Supports(Tensor tensor) => SupportsCopy(tensor) && tensor.is_contiguous();

    /// <summary>The same for a loop that multiplies matrices, in float32: not where models multiply in bfloat16.</summary>
    public static bool SupportsProduct(Tensor tensor) => !ModelPrecision.IsBfloat16 && Supports(tensor);

    /// <summary>The same for a tensor whose numbers may be copied one after the other first.</summary>
    public static bool SupportsCopy(Tensor tensor) => !OperationMode.TensorsOnly && Processor.HasVectors
        && tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32 && tensor.numel() <= int.MaxValue / sizeof(float);

    /// <summary>The first number of a tensor that <see cref="Supports"/> accepts; valid while the tensor is.</summary>
    public static float* Floats(Tensor tensor)
    {
        if (tensor.numel() == 0) return null;
        fixed (byte* first = tensor.bytes) return (float*)first; // native memory: it does not move
    }

    /// <summary>The first number of a contiguous int64 tensor in main memory.</summary>
    public static long* Integers(Tensor tensor)
    {
        if (tensor.numel() == 0) return null;
        fixed (byte* first = tensor.bytes) return (long*)first;
    }

    /// <summary>How many threads share some work of which <paramref name="grain"/> is worth a thread; at least 1.</summary>
    public static int Threads(long work, long grain) =>
        work < 2 * grain ? 1 : (int)Math.Min(Math.Max(1, ThreadTeam.Size), work / grain);

    /// <summary>
    /// Runs <paramref name="body"/>(begin, end) over 0 … <paramref name="count"/> − 1 in as many equal parts as threads are worth it.
    /// </summary>
    /// <param name="count">Items.</param>
    /// <param name="work">Numbers that are touched in all, or whatever else <paramref name="grain"/> counts.</param>
    /// <param name="body">The loop over one part.</param>
    /// <param name="grain">So much work is worth a thread.</param>
    public static void Share(int count, long work, Action<int, int> body, long grain = Grain)
    {
        var parts = Math.Min(Threads(work, grain), count);
        if (parts <= 1) body(0, count);
        else ThreadTeam.Run(parts, part => body((int)((long)count * part / parts), (int)((long)count * (part + 1) / parts)));
    }
}
