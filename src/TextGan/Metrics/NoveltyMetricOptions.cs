namespace TextGan.Metrics;

/// <summary>
/// "novel" is the share of generated texts that equal no training text of the data set; "duplicate" is the share that equal an earlier
/// generated text. Texts are equal where their tokens are, training texts being cut at the experiment's length.
/// </summary>
public sealed record NoveltyMetricOptions : MetricOptions
{
    public override bool NeedsData => true;

    public override IMetric Build(MetricContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new NoveltyMetric(context.Encoder.Tokens(context.Texts("novelty", Data, ReferenceSplit.Train, int.MaxValue)));
    }
}
