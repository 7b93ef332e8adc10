using System.Numerics;
using System.Runtime.InteropServices;

namespace TextGan.Operations.Cpu;

/// <summary>One row of logits through Gumbel-softmax and back, in passes over numbers that stay in the cache.</summary>
static class GumbelRow
{
    /// <summary>y = softmax((logits + noise)/τ), where y may be the logits themselves; gives the place of the largest.</summary>
    public static int Draw(ReadOnlySpan<float> logits, Span<float> y, float τ, GumbelNoise noise)
    {
        noise.AddTo(logits, y);
        var token = RowDistribution.IndexOfLargest(y);
        var largest = y[token];
        var sum = 0f;
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(y);
        var (lanes, shift, inverse) = (Vector<float>.Zero, new Vector<float>(largest), new Vector<float>(1 / τ));
        var bad = Vector<int>.Zero; // the fast exponential gives a number even for NaN
        for (var i = 0; i < vectors.Length; i++)
        {
            bad |= ~Vector.Equals(vectors[i], vectors[i]);
            lanes += vectors[i] = FastExp.Of((vectors[i] - shift) * inverse);
        }
        for (var i = vectors.Length * Vector<float>.Count; i < y.Length; i++) sum += y[i] = MathF.Exp((y[i] - largest) * inverse[0]);
        sum += Vector.Sum(lanes);
        if (!float.IsFinite(largest) || !float.IsFinite(sum) || bad != Vector<int>.Zero)
        {
            y.Fill(float.NaN);
            return token;
        }
        var scale = new Vector<float>(1 / sum);
        for (var i = 0; i < vectors.Length; i++) vectors[i] *= scale;
        for (var i = vectors.Length * Vector<float>.Count; i < y.Length; i++) y[i] *= scale[0];
        return token;
    }

    /// <summary>dx = y ⊙ (g - Σ g y)·scale, where dx may be g itself.</summary>
    public static void Gradient(ReadOnlySpan<float> y, ReadOnlySpan<float> incoming, Span<float> result, float scale)
    {
        var ys = MemoryMarshal.Cast<float, Vector<float>>(y);
        var gs = MemoryMarshal.Cast<float, Vector<float>>(incoming);
        var rs = MemoryMarshal.Cast<float, Vector<float>>(result);
        var rest = ys.Length * Vector<float>.Count;
        var lanes = Vector<float>.Zero;
        for (var i = 0; i < ys.Length; i++) lanes += ys[i] * gs[i];
        var mean = Vector.Sum(lanes);
        for (var i = rest; i < y.Length; i++) mean += y[i] * incoming[i];
        var (shift, factor) = (new Vector<float>(mean), new Vector<float>(scale));
        for (var i = 0; i < rs.Length; i++) rs[i] = ys[i] * (gs[i] - shift) * factor;
        for (var i = rest; i < result.Length; i++) result[i] = y[i] * (incoming[i] - mean) * scale;
    }
}
