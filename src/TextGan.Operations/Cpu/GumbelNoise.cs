using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TextGan.Operations.Cpu;

/// <summary>
/// Standard Gumbel numbers, -log(-log u), eight at a time. The stream of a row is a function of (seed, row), so that neither the
/// number of threads nor the order of the rows matters.
/// </summary>
/// <param name="seed">Of all rows together.</param>
/// <param name="row">Which of them.</param>
struct GumbelNoise(long seed, long row)
{
    // Eight generators xoshiro128++ (Blackman and Vigna, 1805.01407) side by side, their states filled by SplitMix64.
    Vector256<uint> a = State(seed, row, 0), b = State(seed, row, 1), c = State(seed, row, 2), d = State(seed, row, 3);

    /// <summary>Adds noise to each number.</summary>
    public void AddTo(ReadOnlySpan<float> values, Span<float> sums)
    {
        var from = MemoryMarshal.Cast<float, Vector256<float>>(values);
        var to = MemoryMarshal.Cast<float, Vector256<float>>(sums);
        for (var i = 0; i < from.Length; i++) to[i] = from[i] + Next();
        var rest = from.Length * Vector256<float>.Count;
        if (rest == values.Length) return;
        var last = Next();
        for (var i = rest; i < values.Length; i++) sums[i] = values[i] + last[i - rest];
    }

    Vector256<float> Next()
    {
        // The upper 23 bits and a half: u lies inside (0,1), never at an end.
        var uniform = (Vector256.ConvertToSingle((Bits() >>> 9).AsInt32()) + Vector256.Create(0.5f)) * Vector256.Create(1f / (1 << 23));
        return -Vector256.Log(-Vector256.Log(uniform));
    }

    Vector256<uint> Bits()
    {
        var sum = a + d;
        var result = Rotate(sum, 7) + a;
        var shifted = b << 9;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= shifted;
        d = Rotate(d, 11);
        return result;
    }

    static Vector256<uint> Rotate(Vector256<uint> value, int count) => (value << count) | (value >>> (32 - count));

    static Vector256<uint> State(long seed, long row, int word)
    {
        Span<ulong> pairs = stackalloc ulong[4];
        var begin = Mix((ulong)seed) + Mix((ulong)row * 0x9E3779B97F4A7C15 + 1);
        for (var i = 0; i < pairs.Length; i++) pairs[i] = Mix(begin + (ulong)(word * 4 + i + 1) * 0x9E3779B97F4A7C15);
        return Vector256.Create<uint>(MemoryMarshal.Cast<ulong, uint>(pairs));
    }

    /// <summary>The finaliser of SplitMix64.</summary>
    static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
