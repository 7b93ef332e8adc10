namespace TextGan.Metrics.Exact;

/// <summary>What metrics that compare with the known distribution over all texts of a world have in common.</summary>
public abstract record EnumeratedMetricOptions : MetricOptions
{
    public override bool NeedsData => true;

    public override bool NeedsExactSource => true;

    public override IMetric Build(MetricContext context)
    {
        var texts = EnumeratedTexts.Of(context, KindName);
        return Of(texts, texts.LogProbabilities(context, KindName, Data));
    }

    /// <summary>What messages call it.</summary>
    protected abstract string KindName { get; }

    /// <param name="texts">All texts.</param>
    /// <param name="logProbabilities">ln p of each.</param>
    protected abstract IMetric Of(EnumeratedTexts texts, double[] logProbabilities);
}
