using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// Loops of this library's own over tensors in main memory, on as many threads as LibTorch uses. Which part a thread takes is
/// fixed by their number, so that results are, too.
/// </summary>
static unsafe class CpuLoop
{
    /// <summary>Fewer numbers than this are not worth a second thread.</summary>
    const long WorthSharing = 1 << 15;

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

    /// <summary>
    /// Runs <paramref name="body"/>(begin, end) over 0 … <paramref name="count"/> − 1 in as many parts as there are threads.
    /// </summary>
    /// <param name="count">Items.</param>
    /// <param name="work">Numbers that are touched in all; few are left to one thread.</param>
    /// <param name="body">The loop over one part.</param>
    public static void Share(int count, long work, Action<int, int> body)
    {
        var parts = work < WorthSharing ? 1 : Math.Min(get_num_threads(), count);
        if (parts <= 1) body(0, count);
        else Parallel.For(0, parts, part => body((int)((long)count * part / parts), (int)((long)count * (part + 1) / parts)));
    }
}
