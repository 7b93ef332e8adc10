namespace TextGan.Metrics;

/// <summary>
/// "novel" is the share of generated texts that equal no training text of the data set; "duplicate" is the share that equal an earlier
/// generated text. Texts are equal where their tokens are, training texts being cut at the experiment's length.
/// Of more than 1,000,000 training texts as many are compared with, spread evenly over the set; "novel" is then an upper bound.
/// </summary>
public sealed record NoveltyMetricOptions : MetricOptions
{
    const int MostTexts = 1_000_000;

    public override bool NeedsData => true;

    public override IReadOnlyList<string>? ValueNames => ["novel", "duplicate"];

    public override IMetric Build(MetricContext context) =>
        new NoveltyMetric(context.Encoder.Tokens(context.Texts("novelty", Data, ReferenceSplit.Train, MostTexts)));
}
