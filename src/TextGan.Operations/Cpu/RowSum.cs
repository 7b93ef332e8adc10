using System.Numerics;
using System.Runtime.InteropServices;

namespace TextGan.Operations.Cpu;

/// <summary>Adds one row of numbers to another.</summary>
static class RowSum
{
    /// <summary>sums += values; both are equally long.</summary>
    public static void Add(Span<float> sums, ReadOnlySpan<float> values)
    {
        var to = MemoryMarshal.Cast<float, Vector<float>>(sums);
        var from = MemoryMarshal.Cast<float, Vector<float>>(values);
        for (var i = 0; i < to.Length; i++) to[i] += from[i];
        for (var i = to.Length * Vector<float>.Count; i < sums.Length; i++) sums[i] += values[i];
    }
}
