namespace TextGan.Learning.Objectives.Combiners;

/// <summary>
/// Multiple gradient descent (MGDA; Désidéri, 2012; Sener and Koltun, 1810.04650): the shortest Σ_k α_k w_k g_k with α on the
/// simplex (α_k ≥ 0, Σ α_k = 1), by Frank-Wolfe, where w_k g_k are the discriminators' weighted gradients. No discriminator's loss grows
/// along it; where none can fall without another growing, it is 0. A short gradient counts more than a long one. Regularisers keep their
/// weights. One backward pass per discriminator.
/// </summary>
public sealed record MgdaCombinerOptions : CombinerOptions
{
    public override bool NeedsGradients => true;

    public override Combiner Build(CombinerContext context) => new MgdaCombiner(context.Weights);
}

/// <summary>argmin over the simplex of ‖Σ_k α_k w_k g_k‖².</summary>
/// <param name="weights">The configured weight of each term by name.</param>
public sealed class MgdaCombiner(IReadOnlyDictionary<string, double> weights) : InnerProductCombiner(weights)
{
    protected override IReadOnlyList<double> Factors(IReadOnlyList<string> names, double[,] products, TermGradients terms) =>
        Simplex.Minimum(names.Count, α => [.. names.Select((_, i) => α.Select((share, j) => share * products[i, j]).Sum())]);
}
