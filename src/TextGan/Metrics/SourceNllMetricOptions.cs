namespace TextGan.Metrics;

/// <summary>
/// How likely the generated texts are under the distribution that the data set was really drawn from (a grammar or an oracle LSTM).
/// "source-nll" is the sum of -ln p(text), in nats, divided by the number of generated tokens (end tokens are not counted), both over the
/// texts that the source can produce at all; lower is better, but few texts repeated score well too. "source-support" is the share of
/// generated texts that the source can produce (probability above 0); where it is 0, "source-nll" is not a number.
/// </summary>
public sealed record SourceNllMetricOptions : MetricOptions
{
    public override bool NeedsData => true;

    public override bool NeedsExactSource => true;

    public override IReadOnlyList<string>? ValueNames => ["source-nll", "source-support"];

    public override IMetric Build(MetricContext context) => new SourceNllMetric(context.Source("source-nll", Data));
}
