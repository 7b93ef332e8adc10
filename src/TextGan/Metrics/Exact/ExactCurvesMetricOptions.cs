namespace TextGan.Metrics.Exact;

/// <summary>
/// What each discriminator NAME says against what it should say, at the end of the adversarial phase, for the pictures "exact"; see the
/// metric "exact-discriminators". Texts are put into ten groups by D* = p/(p + q), each a tenth wide: "exact-NAME-optimal-I" is the mean D*
/// of the I-th group, "exact-NAME-learnt-I" the mean D, under ½ (p + q). And they are put into ten groups of equally many texts by rising
/// ln p: "exact-NAME-log-p-I" is the mean ln p, "exact-NAME-energy-I" the mean f, moved so that its mean under p is that of ln p;
/// "exact-NAME-energy-I-deviation" is the deviation of f within the group.
/// </summary>
public sealed record ExactCurvesMetricOptions : EnumeratedMetricOptions
{
    public const string Kind = "exact-curves";

    public override bool IsAtEveryEvaluation => false;

    protected override string KindName => Kind;

    protected override IMetric Of(EnumeratedTexts texts, double[] logProbabilities) => new ExactCurvesMetric(texts, logProbabilities);
}
