namespace TextGan.Learning.Objectives.Combiners;

/// <summary>
/// CAGrad (Liu et al., 2110.14048): of all d within c ‖g_0‖ of the mean g_0 of the discriminators' weighted
/// gradients w_k g_k, the one with the largest min_k d·(w_k g_k). By its dual, d = g_0 + c ‖g_0‖ g_x/‖g_x‖, where g_x = Σ_k x_k w_k g_k and
/// x minimises g_x·g_0 + c ‖g_0‖ ‖g_x‖ over the simplex. Regularisers keep their weights. One backward pass per discriminator.
/// </summary>
public sealed record CaGradCombinerOptions : CombinerOptions
{
    /// <summary>
    /// c: 0 is the mean gradient; the larger, the more the discriminator that gains least counts. From 1 on the mean loss need no longer
    /// fall. Default 0.5.
    /// </summary>
    [Range(0.0, 100.0)]
    public double C { get; init; } = 0.5;

    public override bool NeedsGradients => true;

    public override Combiner Build(CombinerContext context) => new CaGradCombiner(context.Weights, C);
}

/// <summary>1/K + c ‖g_0‖ x_k/‖g_x‖, or 1/K where g_x is 0: the gradients then allow no common descent.</summary>
/// <param name="weights">The configured weight of each term by name.</param>
/// <param name="c">0 or more.</param>
public sealed class CaGradCombiner(IReadOnlyDictionary<string, double> weights, double c) : InnerProductCombiner(weights)
{
    /// <summary>Below this share of the largest gradient g_x is rounding, and so is its direction.</summary>
    const double Smallest = 1e-6;

    protected override IReadOnlyList<double> Factors(IReadOnlyList<string> names, double[,] products, TermGradients terms)
    {
        var count = names.Count;
        double[] withMean = [.. names.Select((_, i) => Row(i).Sum() / count)]; // (w_i g_i)·g_0
        var radius = c * Math.Sqrt(Math.Max(0, withMean.Sum() / count)); // c ‖g_0‖
        var x = Simplex.Minimum(count, at =>
        {
            var length = Length(at);
            return [.. withMean.Select((product, i) => length == 0 ? product : product + radius * Dot(i, at) / length)];
        });
        var shortest = Smallest * Math.Sqrt(names.Select((_, i) => products[i, i]).Max());
        var ratio = Length(x) is var found && found > shortest ? radius / found : 0;
        return [.. x.Select(share => 1.0 / count + ratio * share)];

        IEnumerable<double> Row(int i) => Enumerable.Range(0, count).Select(j => products[i, j]);
        double Dot(int i, double[] at) => Row(i).Zip(at, (product, share) => product * share).Sum();
        double Length(double[] at) => Math.Sqrt(Math.Max(0, at.Select((share, i) => share * Dot(i, at)).Sum()));
    }
}
