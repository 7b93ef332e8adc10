namespace TextGan.Learning.Objectives.Combiners;

/// <summary>
/// Uncertainty weights (Kendall et al., 1705.07115, section 3.2): L = Σ_k w_k (L_k/(2 e^s_k) + s_k/2) with the configured w_k, the
/// generator losses L_k and learnt s_k = log σ_k², so that the weight of a discriminator is w_k/(2 e^s_k). s_k begins at 0 and, after each
/// rollout, takes a step of gradient descent on its own part, s_k - learningRate · ½(1 - L_k/e^s_k), towards log L_k: a large loss counts
/// less. The slope is never taken below -1, so that one bad batch changes little, and s_k stays within ±10. Regularisers keep their
/// weights. Generator losses that can be negative ("hinge", "wasserstein", "bradley-terry") are rejected: their s_k would fall without end.
/// </summary>
public sealed record UncertaintyCombinerOptions : CombinerOptions
{
    /// <summary>The step size of s_k. Default 0.01.</summary>
    [Range(0.0, 1.0)]
    public double LearningRate { get; init; } = 0.01;

    public override bool ReadsLosses => true;

    public override bool NeedsNonNegativeLosses => true;

    public override Combiner Build(CombinerContext context) => new UncertaintyCombiner(context.Weights, LearningRate);
}

/// <summary>1/(2 e^s_k).</summary>
/// <param name="weights">The configured weight of each term by name.</param>
/// <param name="learningRate">The step size of s_k.</param>
public sealed class UncertaintyCombiner(IReadOnlyDictionary<string, double> weights, double learningRate) : LossCombiner(weights)
{
    const double Largest = 10;

    readonly LearntNumbers s = new(initial: 0);

    protected override IReadOnlyList<double> Factors(IReadOnlyList<string> names, IReadOnlyList<double> losses) =>
        [.. names.Select(name => Math.Exp(-s[name]) / 2)];

    protected override void Learn(IReadOnlyList<string> names, IReadOnlyList<double> losses)
    {
        foreach (var (name, loss) in names.Zip(losses))
        {
            var slope = Math.Max(-1, (1 - loss * Math.Exp(-s[name])) / 2);
            s[name] = Math.Clamp(s[name] - learningRate * slope, -Largest, Largest);
        }
    }

    public override void Save(StateBag bag) => s.Save(bag);

    public override void Load(StateBag bag) => s.Load(bag);
}
