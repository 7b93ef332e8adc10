namespace TextGan.Learning.Objectives.Combiners;

/// <summary>L = Σ w_k L_k with constant weights: one backward pass.</summary>
public sealed class FixedCombiner(IReadOnlyDictionary<string, double> weights) : Combiner
{
    public override IReadOnlyList<double> Combine(TermGradients terms, long step)
    {
        double[] used = [.. terms.Terms.Select(term => weights[term.Name])];
        terms.Backward(used);
        return used;
    }
}
