namespace TextGan.Metrics;

/// <summary>"length" is the mean number of tokens of the generated texts; end tokens are not counted.</summary>
public sealed record LengthMetricOptions : MetricOptions
{
    public override IReadOnlyList<string>? ValueNames => ["length"];

    public override IMetric Build(MetricContext context) => new LengthMetric();
}
