namespace TextGan.Learning.Objectives.Combiners;

/// <summary>
/// GradNorm (Chen et al., 1711.02257, algorithm 1): the weight of a discriminator is w_k v_k with the configured w_k and learnt v_k, which
/// make the gradients' norms G_k = v_k ‖g_k‖ follow G r_k^α, where G is their mean and r_k the share of its first generator loss that a
/// discriminator has left, divided by the mean of these shares: one whose loss falls slowly gets a larger gradient. After a rollout's first
/// pass v takes a step of gradient descent on Σ_k |G_k - G r_k^α|/G in log v, where G r_k^α is a constant: log v_k - learningRate ·
/// sign(G_k - G r_k^α) G_k/G, so that neither the gradients' scale nor negative weights matter; then Σ v_k is brought back to the number of
/// discriminators. Regularisers keep their weights. One backward pass per discriminator. With α above 0 generator losses that can be
/// negative ("hinge", "wasserstein", "bradley-terry") are rejected: their shares mean nothing.
/// </summary>
public sealed record GradNormCombinerOptions : CombinerOptions
{
    /// <summary>α: 0 makes all norms equal; larger numbers favour the discriminators whose losses fall slowly. Default 1.5.</summary>
    [Range(0.0, 100.0)]
    public double Alpha { get; init; } = 1.5;

    /// <summary>The step size of log v. Default 0.025.</summary>
    [Range(0.0, 1.0)]
    public double LearningRate { get; init; } = 0.025;

    public override bool NeedsGradients => true;

    public override bool ReadsLosses => Alpha > 0;

    public override bool NeedsNonNegativeLosses => Alpha > 0;

    public override Combiner Build(CombinerContext context) => new GradNormCombiner(context.Weights, Alpha, LearningRate);
}

/// <summary>v_k.</summary>
/// <param name="weights">The configured weight of each term by name.</param>
/// <param name="alpha">α.</param>
/// <param name="learningRate">The step size of log v.</param>
public sealed class GradNormCombiner(IReadOnlyDictionary<string, double> weights, double alpha, double learningRate)
    : InnerProductCombiner(weights)
{
    readonly LearntNumbers v = new(initial: 1), firstLosses = new(initial: double.NaN);

    protected override IReadOnlyList<double> Factors(IReadOnlyList<string> names, double[,] products, TermGradients terms)
    {
        double[] before = [.. names.Select(name => v[name])];
        if (!terms.IsFirstPass) return before;
        double[] norms = [.. names.Select((name, k) => before[k] * Math.Sqrt(products[k, k]) / Weights[name])]; // G_k
        double[] shares = [.. names.Select(name => alpha > 0 ? ShareLeft(name, terms.Losses()[name]) : 1)];
        if (!shares.All(double.IsFinite) || shares.Sum() == 0) return before;
        var (norm, share) = (norms.Average(), shares.Average());
        double[] after = [.. before.Select((value, k) =>
            value * Math.Exp(-learningRate * Math.Sign(norms[k] - norm * Math.Pow(shares[k] / share, alpha)) * norms[k] / norm))];
        foreach (var (name, value) in names.Zip(after)) v[name] = value * names.Count / after.Sum();
        return before;
    }

    /// <summary>L_k/L_k(0), with the first loss that was finite and above 0 as L_k(0).</summary>
    double ShareLeft(string name, double loss)
    {
        if (double.IsNaN(firstLosses[name]) && double.IsFinite(loss) && loss > 0) firstLosses[name] = loss;
        return loss / firstLosses[name];
    }

    public override void Save(StateBag bag)
    {
        v.Save(bag.Scope("v"));
        firstLosses.Save(bag.Scope("first-losses"));
    }

    public override void Load(StateBag bag)
    {
        v.Load(bag.Scope("v"));
        firstLosses.Load(bag.Scope("first-losses"));
    }
}
