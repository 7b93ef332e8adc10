namespace TextGan.Metrics;

/// <summary>
/// The share of generated texts, from 0 to 1, that have each attribute which the data set's exact source decides by definition. Each
/// value is called after its attribute; the grammar has "grammatical", "helpful" and "harmless".
/// </summary>
public sealed record AttributesMetricOptions : MetricOptions
{
    public override bool NeedsData => true;

    public override bool NeedsExactSource => true;

    public override IMetric Build(MetricContext context)
    {
        var source = context.Source("attributes", Data);
        if (source.Attributes.Count == 0)
        {
            var others = context.DataSets.Values.Where(set => set.Source?.Attributes.Count > 0).Select(set => set.Name);
            throw MetricInput.Invalid("attributes", $"the exact source of data set '{Data}' decides no attributes; allowed are: " +
                $"{MetricInput.Names(others)}.");
        }
        return new AttributesMetric(source);
    }
}
