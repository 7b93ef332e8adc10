namespace TextGan.Learning.Objectives.Combiners;

/// <summary>
/// Hypervolume maximisation (Albuquerque et al., 1901.08680): lowers -Σ_k log(η - L_k) with η = slack · max_k L_k of the
/// batch, a constant for the gradient. So the weight of a discriminator is proportional to 1/(η - L_k); here these sum to 1 before they are
/// multiplied by the configured weights, so that neither the step nor the share of regularisers, which keep their weights, depends on the
/// losses' scale. Generator losses that can be negative ("hinge", "wasserstein", "bradley-terry") are rejected: η could lie below them.
/// </summary>
public sealed record HypervolumeCombinerOptions : CombinerOptions
{
    /// <summary>
    /// δ in the paper, above 1: close to 1 only the largest loss counts, a large number is the mean of the discriminators' terms.
    /// Default 1.1.
    /// </summary>
    [Range(1.000001, 1e6)]
    public double Slack { get; init; } = 1.1;

    public override bool ReadsLosses => true;

    public override bool NeedsNonNegativeLosses => true;

    public override Combiner Build(CombinerContext context) => new HypervolumeCombiner(context.Weights, Slack);
}

/// <summary>(1/(η - L_k)) / Σ_j 1/(η - L_j); where all losses are 0, their limit: all alike.</summary>
/// <param name="weights">The configured weight of each term by name.</param>
/// <param name="slack">δ, above 1.</param>
public sealed class HypervolumeCombiner(IReadOnlyDictionary<string, double> weights, double slack) : LossCombiner(weights)
{
    protected override IReadOnlyList<double> Factors(IReadOnlyList<string> names, IReadOnlyList<double> losses)
    {
        var largest = losses.Max();
        double[] inverses = [.. losses.Select(loss => largest == 0 ? 1 : 1 / (slack - loss / largest))]; // times η/slack
        return [.. inverses.Select(inverse => inverse / inverses.Sum())];
    }
}
