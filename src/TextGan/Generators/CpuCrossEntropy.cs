using System.Numerics;
using System.Runtime.InteropServices;
using TextGan.Kernels;
using TextGan.Generators.Sampling;
using TextGan.Native;
using static TorchSharp.torch;

namespace TextGan.Generators;

/// <summary>
/// -log softmax(logits)[id] in main memory without ever holding all logits: rows are taken in chunks that stay in the cache, and
/// each chunk's gradient is made where its logits stand. The gradient is ready when the loss is, so the backward pass only scales it.
/// </summary>
static unsafe class CpuCrossEntropy
{
    /// <summary>Bytes of logits that are worked on at once.</summary>
    const long ChunkBytes = 4 << 20;

    const int LeastRows = 16;

    public static bool Takes(LinearHead head) =>
        CpuLoop.Takes(head.Features) && CpuLoop.Takes(head.Weight) && (head.Bias is null || CpuLoop.Takes(head.Bias)) && RowsOf(head.Weight) * head.Weight.shape[0] < int.MaxValue / sizeof(float);

    /// <summary>Features [N,D] and ids [N] → the loss of each row [N], without a gradient.</summary>
    public static Tensor Each(LinearHead head, Tensor ids)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var losses = zeros([ids.shape[0]], float32);
        var (features, weight, targets) = (WithOne(head), WithBias(head), ids.contiguous());
        foreach (var (begin, count) in Chunks(features.shape[0], RowsOf(weight)))
        {
            using var chunk = NewDisposeScope();
            var logits = features.narrow(0, begin, count).mm(weight.t()); // [n,V]
            Reduce(logits, targets, losses, begin, intoGradients: false);
        }
        return losses.MoveToOuterDisposeScope();
    }

    /// <summary>Features [N,D] and ids [N] → the sum of the losses, a scalar that can be differentiated once.</summary>
    public static Tensor Sum(LinearHead head, Tensor ids)
    {
        using var scope = NewDisposeScope();
        if (!is_grad_enabled() || !(head.Features.requires_grad || head.Weight.requires_grad || head.Bias?.requires_grad == true))
            return Each(head, ids).sum().MoveToOuterDisposeScope();

        Tensor value, featuresGradient, weightGradient;
        using (no_grad())
        {
            var losses = zeros([ids.shape[0]], float32);
            var (features, weight, targets) = (WithOne(head), WithBias(head), ids.contiguous());
            featuresGradient = empty_like(features); // [N,D+1]
            weightGradient = zeros_like(weight); // [V,D+1]
            foreach (var (begin, count) in Chunks(features.shape[0], RowsOf(weight)))
            {
                using var chunk = NewDisposeScope();
                var rows = features.narrow(0, begin, count); // [n,D+1]
                var logits = rows.mm(weight.t()); // [n,V], from the next line on their gradients
                Reduce(logits, targets, losses, begin, intoGradients: true);
                featuresGradient.narrow(0, begin, count).copy_(logits.mm(weight));
                weightGradient.addmm_(logits.t(), rows);
            }
            value = losses.sum();
        }
        // A sum of products whose gradient is the one just made, and whose value is taken off again.
        var size = head.Features.shape[^1];
        var carrier = Product(head.Features, featuresGradient.narrow(1, 0, size)) + Product(head.Weight, weightGradient.narrow(1, 0, size));
        if (head.Bias is { } bias) carrier = carrier + Product(bias, weightGradient.select(1, size));
        return (value + (carrier - carrier.detach())).MoveToOuterDisposeScope();
    }

    static Tensor Product(Tensor values, Tensor gradient) => (values * gradient).sum();

    static long RowsOf(Tensor weight) => Math.Max(LeastRows, ChunkBytes / (sizeof(float) * weight.shape[0]) / LeastRows * LeastRows);

    static IEnumerable<(long Begin, long Count)> Chunks(long rows, long size)
    {
        for (long begin = 0; begin < rows; begin += size) yield return (begin, Math.Min(size, rows - begin));
    }

    /// <summary>A column of ones beside the features, where there is a bias: so the product takes it along, and gives its gradient.</summary>
    static Tensor WithOne(LinearHead head) => head.Bias is null ? head.Features : cat([head.Features, ones([head.Features.shape[0], 1])], 1);

    static Tensor WithBias(LinearHead head) => head.Bias is null ? head.Weight : cat([head.Weight, head.Bias.unsqueeze(1)], 1);

    /// <summary>Writes the losses of rows of logits [n,V] that begin at row <paramref name="first"/> of all; turns the logits into their gradient where asked.</summary>
    static void Reduce(Tensor logits, Tensor ids, Tensor losses, long first, bool intoGradients)
    {
        var (rows, vocabulary) = ((int)logits.shape[0], (int)logits.shape[1]);
        var (values, targets, target) = ((nint)CpuLoop.Floats(logits), (nint)(CpuLoop.Integers(ids) + first), (nint)(CpuLoop.Floats(losses) + first));
        CpuLoop.Share(rows, logits.numel(), (begin, end) =>
        {
            for (var row = begin; row < end; row++)
                ((float*)target)[row] = Row(new((float*)values + (long)row * vocabulary, vocabulary), checked((int)((long*)targets)[row]), intoGradients);
        });
    }

    static float Row(Span<float> logits, int id, bool intoGradients)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(logits);
        var rest = vectors.Length * Vector<float>.Count;
        var chosen = logits[id];
        var largest = Largest(logits, vectors, rest);
        if (!float.IsFinite(largest)) // as the plain way: nothing can be said
        {
            if (intoGradients) logits.Fill(float.NaN);
            return float.NaN;
        }
        var (shift, lanes) = (new Vector<float>(largest), Vector<float>.Zero);
        var sum = 0f;
        if (!intoGradients)
        {
            foreach (var vector in vectors) lanes += FastExp.Of(vector - shift);
            foreach (var logit in logits[rest..]) sum += MathF.Exp(logit - largest);
            return largest + MathF.Log(sum + Vector.Sum(lanes)) - chosen;
        }
        for (var i = 0; i < vectors.Length; i++) lanes += vectors[i] = FastExp.Of(vectors[i] - shift);
        for (var i = rest; i < logits.Length; i++) sum += logits[i] = MathF.Exp(logits[i] - largest);
        sum += Vector.Sum(lanes);
        var scale = new Vector<float>(1 / sum);
        for (var i = 0; i < vectors.Length; i++) vectors[i] *= scale;
        for (var i = rest; i < logits.Length; i++) logits[i] *= scale[0];
        logits[id] -= 1;
        return largest + MathF.Log(sum) - chosen;
    }

    /// <summary>The largest; no number where one of them is none.</summary>
    static float Largest(ReadOnlySpan<float> logits, ReadOnlySpan<Vector<float>> vectors, int rest)
    {
        var lanes = new Vector<float>(float.NegativeInfinity);
        foreach (var vector in vectors) lanes = Vector.Max(lanes, vector);
        var largest = float.NegativeInfinity;
        for (var lane = 0; lane < Vector<float>.Count; lane++) largest = MathF.Max(largest, lanes[lane]);
        foreach (var logit in logits[rest..]) largest = MathF.Max(largest, logit);
        return largest;
    }
}
