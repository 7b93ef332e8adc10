namespace TextGan.Metrics.Exact;

/// <summary>
/// The generator's distribution q against the distribution p that the data set was really drawn from, summed over every text that the
/// generator can write (at most 250,000, such as 12 tokens at 5 positions); for data sets of the kind "enumerable". Of whole texts, in
/// nats:
/// "exact-kl" is KL(p ‖ q), "exact-kl-reverse" KL(q ‖ p), "exact-log-loss" the cross-entropy -Σ p ln q, which is KL(p ‖ q) and the entropy
/// of p. "exact-tv" is the total variation ½ Σ |p - q|, the advantage of the best discriminator that there could be, and "exact-tv-bound"
/// √(KL(p ‖ q)/2), which it never exceeds (Pinsker). Texts are compared as the data set has them: a text that ends earlier is another text.
/// "exact-outside" is the probability of q for texts that p never has. It counts in "exact-tv", and lowers what is left for others in
/// "exact-kl"; "exact-kl-reverse", which would be infinite, is of q among the texts of p alone. Of a weight average the average is
/// measured.
/// </summary>
public sealed record ExactMetricOptions : EnumeratedMetricOptions
{
    public const string Kind = "exact";

    public override IReadOnlyList<string>? ValueNames => ExactMetric.Names;

    protected override string KindName => Kind;

    protected override IMetric Of(EnumeratedTexts texts, double[] logProbabilities) => new ExactMetric(texts, logProbabilities);
}
