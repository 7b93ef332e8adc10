namespace TextGan.Metrics;

/// <summary>
/// The share of generated texts whose first tokens no other generated text begins with, from 0 to 1: "unique-prefixes". It falls where the
/// generator keeps to a few beginnings, and as the number of texts grows. With a data set, "unique-prefixes-real" is the share among as
/// many of its held-out texts, or training texts where it has too few held out. A shorter text counts as a whole; of texts with prompts the
/// responses count.
/// </summary>
public sealed record UniquePrefixesMetricOptions : MetricOptions
{
    /// <summary>Tokens of a prefix. Default 16.</summary>
    [Range(1, 65_536)]
    public int Length { get; init; } = 16;

    public override IReadOnlyList<string>? ValueNames => Data is null ? [UniquePrefixesMetric.Name]
        : [UniquePrefixesMetric.Name, UniquePrefixesMetric.Name + "-real"];

    public override IMetric Build(MetricContext context)
    {
        if (Data is null) return new UniquePrefixesMetric(Length, null);
        var set = context.DataSet(UniquePrefixesMetric.Name, Data);
        return new UniquePrefixesMetric(Length, count =>
        {
            var texts = set.HeldOut.Texts.Count >= count ? set.HeldOut.Texts : set.Train.Texts;
            return texts.Count < count ? null : context.Encoder.Tokens(MetricInput.Spread(texts, count));
        });
    }
}
