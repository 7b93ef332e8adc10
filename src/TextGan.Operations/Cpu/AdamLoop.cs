using System.Numerics;
using System.Runtime.InteropServices;

namespace TextGan.Operations.Cpu;

/// <summary>
/// <see cref="AdamStep"/> in one pass over each parameter's memory, where tensor operations make ten. All parameters' numbers together are
/// shared evenly among the threads.
/// </summary>
static unsafe class AdamLoop
{
    /// <summary>Where a parameter is divided among threads, each takes a multiple of so many numbers.</summary>
    const int Unit = 1 << 10;

    /// <summary>What a parameter's settings and step count decide.</summary>
    readonly record struct Factors(double Beta1, double Beta2, float Epsilon, float StepSize, float RootCorrection, float Keep);

    /// <summary>A parameter with its gradient and moments, and how many units there are before it.</summary>
    readonly record struct Place(nint Weights, nint Gradients, nint Means, nint Squares, int Count, int UnitsBefore, Factors Factors)
    {
        public int Units => (Count + Unit - 1) / Unit;
    }

    public static bool Supports(AdamUpdate update) => update.LargestSquare is null && CpuLoop.Supports(update.Parameter)
        && CpuLoop.SupportsCopy(update.Gradient);

    /// <summary>Call inside a dispose scope: copies of gradients live in it.</summary>
    public static void Take(IReadOnlyList<AdamUpdate> updates)
    {
        var places = new Place[updates.Count];
        var (units, numbers) = (0, 0L);
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = PlaceOf(updates[i], units);
            units += places[i].Units;
            numbers += places[i].Count;
        }
        CpuLoop.Share(units, numbers, (begin, end) =>
        {
            foreach (var place in places) Update(place, begin - place.UnitsBefore, end - place.UnitsBefore);
        });
    }

    static Place PlaceOf(AdamUpdate update, int unitsBefore)
    {
        var factors = new Factors(update.Beta1, update.Beta2, (float)update.Epsilon,
            StepSize: (float)(update.LearningRate / (1 - Math.Pow(update.Beta1, update.Step))),
            RootCorrection: (float)(1 / Math.Sqrt(1 - Math.Pow(update.Beta2, update.Step))),
            Keep: (float)(1 - update.LearningRate * update.WeightDecay));
        return new Place((nint)CpuLoop.Floats(update.Parameter), (nint)CpuLoop.Floats(update.Gradient.contiguous()),
            (nint)CpuLoop.Floats(update.Mean), (nint)CpuLoop.Floats(update.Square), (int)update.Parameter.numel(), unitsBefore, factors);
    }

    /// <summary>Those of a parameter's units that lie between two, of which either may lie outside.</summary>
    static void Update(Place of, int begin, int end)
    {
        (begin, end) = ((int)Math.Min((long)Math.Max(begin, 0) * Unit, of.Count),
            (int)Math.Min((long)Math.Min(end, of.Units) * Unit, of.Count));
        if (begin >= end) return;
        Span<float> Part(nint first) => new((float*)first + begin, end - begin);
        Update(Part(of.Weights), Part(of.Gradients), Part(of.Means), Part(of.Squares), of.Factors);
    }

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
