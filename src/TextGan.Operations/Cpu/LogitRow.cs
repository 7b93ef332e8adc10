using System.Numerics;
using System.Runtime.InteropServices;

namespace TextGan.Operations.Cpu;

/// <summary>Softmax cross-entropy of one row of logits, in the row's own memory.</summary>
static class LogitRow
{
    /// <summary>
    /// -log softmax(logits + bias)[id]; where asked, the row becomes factor · (softmax - one-hot). NaN where a logit is NaN.
    /// </summary>
    public static float Loss(Span<float> logits, ReadOnlySpan<float> bias, int id, bool intoGradient, float factor)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(logits);
        var rest = vectors.Length * Vector<float>.Count;
        var largest = AddAndLargest(logits, bias, vectors, rest);
        if (!float.IsFinite(largest)) // as the plain way: nothing can be said
        {
            if (intoGradient) logits.Fill(float.NaN);
            return float.NaN;
        }
        var chosen = logits[id];
        var (shift, lanes, sum) = (new Vector<float>(largest), Vector<float>.Zero, 0f);
        if (!intoGradient)
        {
            foreach (var vector in vectors) lanes += FastExp.Of(vector - shift);
            foreach (var logit in logits[rest..]) sum += MathF.Exp(logit - largest);
            return largest + MathF.Log(sum + Vector.Sum(lanes)) - chosen;
        }
        for (var i = 0; i < vectors.Length; i++) lanes += vectors[i] = FastExp.Of(vectors[i] - shift);
        for (var i = rest; i < logits.Length; i++) sum += logits[i] = MathF.Exp(logits[i] - largest);
        sum += Vector.Sum(lanes);
        var scale = new Vector<float>(factor / sum);
        for (var i = 0; i < vectors.Length; i++) vectors[i] *= scale;
        for (var i = rest; i < logits.Length; i++) logits[i] *= scale[0];
        logits[id] -= factor;
        return largest + MathF.Log(sum) - chosen;
    }

    /// <summary>Adds the bias; the largest sum, and NaN where one of them is NaN.</summary>
    static float AddAndLargest(Span<float> logits, ReadOnlySpan<float> bias, Span<Vector<float>> vectors, int rest)
    {
        var lanes = new Vector<float>(float.NegativeInfinity);
        var largest = float.NegativeInfinity;
        if (bias.IsEmpty)
        {
            foreach (var vector in vectors) lanes = Vector.Max(lanes, vector);
            foreach (var logit in logits[rest..]) largest = MathF.Max(largest, logit);
        }
        else
        {
            var offsets = MemoryMarshal.Cast<float, Vector<float>>(bias);
            for (var i = 0; i < vectors.Length; i++) lanes = Vector.Max(lanes, vectors[i] += offsets[i]);
            for (var i = rest; i < logits.Length; i++) largest = MathF.Max(largest, logits[i] += bias[i]);
        }
        for (var lane = 0; lane < Vector<float>.Count; lane++) largest = MathF.Max(largest, lanes[lane]);
        return largest;
    }
}
