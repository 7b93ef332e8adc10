using System.Numerics;
using System.Runtime.InteropServices;

namespace TextGan.Operations.Cpu;

/// <summary>
/// <see cref="AdamStep"/> in one pass over each parameter's memory, where tensor operations make ten. Parts of parameters are shared among
/// the threads.
/// </summary>
static unsafe class AdamLoop
{
    /// <summary>Numbers in a part of a parameter.</summary>
    const int PartSize = 1 << 14;

    /// <summary>What a parameter's settings and step count decide.</summary>
    readonly record struct Factors(double Beta1, double Beta2, float Epsilon, float StepSize, float RootCorrection, float Keep);

    /// <summary>A stretch of one parameter with its gradient and moments.</summary>
    readonly record struct Part(nint Weights, nint Gradients, nint Means, nint Squares, int Count, Factors Factors);

    public static bool Supports(AdamUpdate update) => update.LargestSquare is null && CpuLoop.Supports(update.Parameter)
        && CpuLoop.SupportsCopy(update.Gradient);

    /// <summary>Call inside a dispose scope: copies of gradients live in it.</summary>
    public static void Take(IReadOnlyList<AdamUpdate> updates)
    {
        var parts = new List<Part>();
        var count = 0L;
        foreach (var update in updates)
        {
            Enlist(update, parts);
            count += update.Parameter.numel();
        }
        CpuLoop.Share(parts.Count, count, (begin, end) =>
        {
            for (var i = begin; i < end; i++) Update(parts[i]);
        });
    }

    static void Enlist(AdamUpdate update, List<Part> parts)
    {
        var factors = new Factors(update.Beta1, update.Beta2, (float)update.Epsilon,
            StepSize: (float)(update.LearningRate / (1 - Math.Pow(update.Beta1, update.Step))),
            RootCorrection: (float)(1 / Math.Sqrt(1 - Math.Pow(update.Beta2, update.Step))),
            Keep: (float)(1 - update.LearningRate * update.WeightDecay));
        float* weights = CpuLoop.Floats(update.Parameter), gradients = CpuLoop.Floats(update.Gradient.contiguous());
        float* means = CpuLoop.Floats(update.Mean), squares = CpuLoop.Floats(update.Square);
        var count = (int)update.Parameter.numel();
        for (var begin = 0; begin < count; begin += PartSize)
            parts.Add(new Part((nint)(weights + begin), (nint)(gradients + begin), (nint)(means + begin), (nint)(squares + begin),
                Math.Min(PartSize, count - begin), factors));
    }

    static void Update(Part part) => Update(new((float*)part.Weights, part.Count), new((float*)part.Gradients, part.Count),
        new((float*)part.Means, part.Count), new((float*)part.Squares, part.Count), part.Factors);

    static void Update(Span<float> weights, ReadOnlySpan<float> gradients, Span<float> means, Span<float> squares, Factors factors)
    {
        var (beta1, beta2, ε, stepSize, rootCorrection, keep) = factors;
        var (b1, b2) = ((float)beta1, (float)beta2);
        var (n1, n2) = ((float)(1 - beta1), (float)(1 - beta2));
        var w = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradients);
        var m = MemoryMarshal.Cast<float, Vector<float>>(means);
        var v = MemoryMarshal.Cast<float, Vector<float>>(squares);
        for (var i = 0; i < w.Length; i++)
        {
            var mean = m[i] * b1 + g[i] * n1;
            var square = v[i] * b2 + g[i] * g[i] * n2;
            (m[i], v[i]) = (mean, square);
            w[i] = w[i] * keep - mean * stepSize / (Vector.SquareRoot(square) * rootCorrection + new Vector<float>(ε));
        }
        for (var i = w.Length * Vector<float>.Count; i < weights.Length; i++)
        {
            var mean = means[i] * b1 + gradients[i] * n1;
            var square = squares[i] * b2 + gradients[i] * gradients[i] * n2;
            (means[i], squares[i]) = (mean, square);
            weights[i] = weights[i] * keep - mean * stepSize / (MathF.Sqrt(square) * rootCorrection + ε);
        }
    }
}
