namespace TextGan.Learning.Objectives.Combiners;

/// <summary>L = Σ w_k L_k with constant weights.</summary>
public sealed class FixedCombiner(IReadOnlyDictionary<string, double> weights) : ValueCombiner
{
    public override IReadOnlyList<double> Weights(TermGradients terms, long step) => [.. terms.Terms.Select(term => weights[term.Name])];
}
