namespace TextGan.Learning.Objectives.Combiners;

/// <summary>
/// The softmax over losses (GMAN; Durugkar et al., 1611.01673): the weight of a discriminator is w_k e^(λ L_k) / Σ_j e^(λ L_j),
/// with the configured w_k and the generator losses L_k, so that the severest counts most. Regularisers keep their weights. Any loss will
/// do.
/// </summary>
public sealed record GmanCombinerOptions : CombinerOptions
{
    /// <summary>
    /// λ, per unit of loss: 0 is the mean of the discriminators' terms, a large number the worst case, that with the largest loss alone.
    /// Default 1.
    /// </summary>
    [Range(0.0, 1e6)]
    public double Lambda { get; init; } = 1;

    public override bool ReadsLosses => true;

    public override Combiner Build(CombinerContext context) => new GmanCombiner(context.Weights, Lambda);
}

/// <summary>e^(λ L_k) / Σ_j e^(λ L_j).</summary>
/// <param name="weights">The configured weight of each term by name.</param>
/// <param name="λ">0 or more.</param>
public sealed class GmanCombiner(IReadOnlyDictionary<string, double> weights, double λ) : LossCombiner(weights)
{
    protected override IReadOnlyList<double> Factors(IReadOnlyList<string> names, IReadOnlyList<double> losses)
    {
        var largest = losses.Max();
        double[] powers = [.. losses.Select(loss => Math.Exp(λ * (loss - largest)))]; // none overflows
        return [.. powers.Select(power => power / powers.Sum())];
    }
}
