using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// Σ x² over tensors in main memory in one loop on all threads: parts of fixed size, whose sums are added in their order, so that threads
/// do not matter.
/// </summary>
static unsafe class SquareSum
{
    const int PartSize = 1 << 14;

    /// <summary>All must be such as <see cref="CpuLoop.Supports"/> accepts.</summary>
    public static double Of(IReadOnlyList<Tensor> tensors)
    {
        List<(nint First, int Count)> parts = [];
        foreach (var tensor in tensors)
        {
            var (numbers, count) = ((nint)CpuLoop.Floats(tensor), (int)tensor.numel());
            for (var begin = 0; begin < count; begin += PartSize) parts.Add(
                (numbers + begin * sizeof(float), Math.Min(PartSize, count - begin)));
        }
        var sums = new double[parts.Count];
        CpuLoop.Share(parts.Count, (long)parts.Count * PartSize, (begin, end) =>
        {
            for (var i = begin; i < end; i++) sums[i] = Of(new ReadOnlySpan<float>((float*)parts[i].First, parts[i].Count));
        });
        return sums.Sum();
    }

    static double Of(ReadOnlySpan<float> numbers)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(numbers);
        var (a, b, c, d) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        var i = 0;
        for (; i + 4 <= vectors.Length; i += 4)
        {
            a += vectors[i] * vectors[i];
            b += vectors[i + 1] * vectors[i + 1];
            c += vectors[i + 2] * vectors[i + 2];
            d += vectors[i + 3] * vectors[i + 3];
        }
        for (; i < vectors.Length; i++) a += vectors[i] * vectors[i];
        double sum = Vector.Sum(a + b + (c + d));
        for (i = vectors.Length * Vector<float>.Count; i < numbers.Length; i++) sum += numbers[i] * numbers[i];
        return sum;
    }
}
