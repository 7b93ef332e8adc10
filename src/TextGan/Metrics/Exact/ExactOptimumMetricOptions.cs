namespace TextGan.Metrics.Exact;

/// <summary>
/// The generator q against the optimum of its objective, which is known where a KL from the reference is the only other term: of
/// E_q Σ_k w_k r_k - β KL(q ‖ p₀) it is π = p₀ exp(Σ_k w_k r_k / β) / Z, with the reference p₀ (the generator at the start of the phase),
/// the configured weights w, the discriminators' rewards r as they are at the moment (minus the loss that the estimator lowers), and β
/// ('regularizers.kl', per text); summed over every text that the generator can write. "exact-optimum-gap" is KL(q ‖ π), by which β times
/// the objective falls short; "exact-optimum-kl" is KL(π ‖ q), "exact-optimum-tv" the total variation, and "exact-optimum-objective" the
/// objective of q. It is measured at each evaluation of the adversarial phase. A combiner that does not add with the configured weights
/// aims elsewhere: the distance says how far.
/// </summary>
public sealed record ExactOptimumMetricOptions : MetricOptions
{
    public const string Kind = "exact-optimum";

    public override bool NeedsReference => true;

    public override bool IsAtEveryEvaluation => false;

    public override IReadOnlyList<string>? ValueNames => ExactOptimumMetric.Names;

    public override IMetric Build(MetricContext context) =>
        new ExactOptimumMetric(EnumeratedTexts.Of(context, Kind), context.KlWeight);
}
