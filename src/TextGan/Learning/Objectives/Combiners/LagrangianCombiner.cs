namespace TextGan.Learning.Objectives.Combiners;

/// <summary>
/// Lowers the terms of some discriminators under constraints E[C_k] ≤ d_k on the others, by dual ascent (Safe RLHF; Dai et al.,
/// 2310.12773): max over λ ≥ 0 of Σ_objectives w_j L_j + Σ_constrained w_k λ_k (C_k - d_k), with the configured w_k. The cost C_k of a
/// constrained discriminator is its generator loss, in that loss's unit ("non-saturating": -log σ(D), 0.69 where it cannot tell). After
/// each rollout log λ_k grows by learningRate · λ_k (C_k - d_k), and λ_k stays between 0.000001 and "largestMultiplier". As in the paper,
/// all is divided by 1 + Σ λ, so that the step does not grow with λ: an objective has the weight w_j/(1 + Σ λ), a constrained discriminator
/// w_k λ_k/(1 + Σ λ). Regularisers keep their weights. Any loss will do.
/// </summary>
public sealed record LagrangianCombinerOptions : CombinerOptions
{
    /// <summary>
    /// d_k by the name of each constrained discriminator: the largest mean generator loss that is allowed (term/NAME/loss in the log). All
    /// other discriminators are objectives.
    /// </summary>
    [Required]
    public IReadOnlyDictionary<string, double> Limits { get; init; } = new Dictionary<string, double>();

    /// <summary>The step size of log λ. Default 0.05.</summary>
    [Range(0.0, 100.0)]
    public double LearningRate { get; init; } = 0.05;

    /// <summary>λ at the start. Default 1.</summary>
    [Range(1e-6, 1e6)]
    public double InitialMultiplier { get; init; } = 1;

    /// <summary>What λ never exceeds, however long a constraint is violated. Default 10.</summary>
    [Range(1e-6, 1e6)]
    public double LargestMultiplier { get; init; } = 10;

    public override bool ReadsLosses => true;

    public override IEnumerable<Problem> Validate(string path)
    {
        if (Limits.Count == 0)
            yield return new Problem($"{path}.limits",
                "names no discriminator; give the largest loss that is allowed for at least one, such as { \"NAME\": 0.7 }.");
        if (InitialMultiplier > LargestMultiplier)
            yield return new Problem($"{path}.initialMultiplier",
                $"is {InitialMultiplier}, which is above 'largestMultiplier' {LargestMultiplier}.");
    }

    public override Combiner Build(CombinerContext context) =>
        new LagrangianCombiner(context.Weights, Limits, LearningRate, InitialMultiplier, LargestMultiplier);
}

/// <summary>1/(1 + Σ λ) for an objective, λ_k/(1 + Σ λ) for a constrained discriminator.</summary>
/// <param name="weights">The configured weight of each term by name.</param>
/// <param name="limits">d_k by name.</param>
/// <param name="learningRate">The step size of log λ.</param>
/// <param name="initial">λ at the start.</param>
/// <param name="largest">The largest λ.</param>
public sealed class LagrangianCombiner(IReadOnlyDictionary<string, double> weights, IReadOnlyDictionary<string, double> limits,
    double learningRate, double initial, double largest) : LossCombiner(weights)
{
    const double Smallest = 1e-6; // from 0 no λ would ever grow

    readonly LearntNumbers multipliers = new(initial);

    protected override IReadOnlyList<double> Factors(IReadOnlyList<string> names, IReadOnlyList<double> losses)
    {
        var whole = 1 + names.Where(limits.ContainsKey).Sum(name => multipliers[name]);
        return [.. names.Select(name => (limits.ContainsKey(name) ? multipliers[name] : 1) / whole)];
    }

    protected override void Learn(IReadOnlyList<string> names, IReadOnlyList<double> losses)
    {
        foreach (var (name, cost) in names.Zip(losses))
        {
            if (!limits.TryGetValue(name, out var limit)) continue;
            var λ = multipliers[name];
            multipliers[name] = Math.Clamp(λ * Math.Exp(learningRate * λ * (cost - limit)), Smallest, largest);
        }
    }

    public override void Save(StateBag bag) => multipliers.Save(bag);

    public override void Load(StateBag bag) => multipliers.Load(bag);
}
