namespace TextGan.Learning.Objectives.Combiners;

/// <summary>
/// PCGrad (Yu et al., 2001.06782, algorithm 1): each term's weighted gradient loses what conflicts with those of the others, one after
/// another in random order; the results are summed. Regularisers are terms too. One backward pass per term.
/// </summary>
public sealed record PcGradCombinerOptions : CombinerOptions
{
    public override bool NeedsGradients => true;

    public override Combiner Build(CombinerContext context) => new PcGradCombiner(context.Weights);
}

/// <summary>g = Σ_i g_i', where g_i' begins as g_i and becomes g_i' - min(0, g_i'·g_j)/|g_j|² g_j for each other j.</summary>
/// <remarks>The orders come from the global random state, which is a function of the run's seed and the step.</remarks>
public sealed class PcGradCombiner(IReadOnlyDictionary<string, double> weights) : GradientCombiner(weights)
{
    protected override Tensor Mix(Tensor gradients, long step)
    {
        var squares = gradients.Squared().sum(1).clamp_min(Held(1e-30)); // [K]; a gradient of 0 conflicts with none
        Tensor[] projected = [.. Enumerable.Range(0, (int)squares.numel()).Select(i => Projected(gradients, squares, i))]; // K times [P]
        return projected.Aggregate((one, other) => one.Plus(other));
    }

    static Tensor Projected(Tensor gradients, Tensor squares, int i)
    {
        using var scope = NewDisposeScope();
        var own = gradients[i].alias(); // [P]
        foreach (var j in randperm(squares.numel(), device: CPU).data<long>().ToArray())
        {
            if (j == i) continue;
            var conflict = own.dot(gradients[j]).clamp_max(Held(0)); // []: 0 where the two agree
            own = own - conflict / squares[j] * gradients[j];
        }
        return own.MoveToOuterDisposeScope();
    }
}
