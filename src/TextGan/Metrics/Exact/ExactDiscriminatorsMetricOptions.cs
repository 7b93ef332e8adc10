namespace TextGan.Metrics.Exact;

/// <summary>
/// Every discriminator against the best one that there could be, D* = p/(p + q), where p is the distribution that the data set was really
/// drawn from and q the generator's; summed over every text as the metric "exact" does. It is measured at each evaluation of the
/// adversarial phase. With D = σ(logit), of each discriminator NAME:
/// "exact-NAME-distance" is Σ ½ (p + q) |D - D*|, the total variation between what it says of a text and its label, and the truth.
/// "exact-NAME-advantage" is P_p(D &gt; ½) - P_q(D &gt; ½), ties counted half; it never exceeds "exact-tv". "exact-NAME-advantage-soft" is
/// E_p D - E_q D.
/// "exact-NAME-reweighted" is the log-loss of q e^{s logit} / Z with the best power s, "exact-NAME-power": an advantage is a likelihood
/// that was not taken (Alvarez-Melis et al. 2205.09838). "exact-NAME-reweighted-verdict" is the same where only the verdict D &gt; ½
/// re-weighs; it is below "exact-log-loss" by at least twice the squared advantage.
/// "exact-NAME-deviation" is the standard deviation of f - ln p under p, where f is the logit, of a structured discriminator the logit and
/// ln q; "exact-NAME-correlation" the correlation of f and ln p, "exact-NAME-spread" the standard deviation of f, "exact-NAME-energy-kl"
/// KL(p ‖ e^f/Z): 0 where f = ln p and a constant (Finn et al. 1611.03852).
/// </summary>
public sealed record ExactDiscriminatorsMetricOptions : EnumeratedMetricOptions
{
    public const string Kind = "exact-discriminators";

    public override bool IsAtEveryEvaluation => false;

    protected override string KindName => Kind;

    protected override IMetric Of(EnumeratedTexts texts, double[] logProbabilities) =>
        new ExactDiscriminatorsMetric(texts, logProbabilities);
}
