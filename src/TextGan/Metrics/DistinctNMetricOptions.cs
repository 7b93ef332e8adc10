namespace TextGan.Metrics;

/// <summary>
/// Diversity of the generated texts: the number of different n-grams in all of them together divided by the number of all their n-grams,
/// from 0 to 1, called "distinct-N". It falls as the number of generated texts grows, so compare like with like. Where no text has N tokens
/// there is no value.
/// </summary>
public sealed record DistinctNMetricOptions : MetricOptions
{
    /// <summary>Lengths of n-grams. Default [1, 2, 3, 4]; each from 1 to 10.</summary>
    public IReadOnlyList<int> Orders { get; init; } = [1, 2, 3, 4];

    public override IReadOnlyList<string>? ValueNames => [.. Orders.Select(order => $"distinct-{order}")];

    public override IEnumerable<Problem> Validate(string path) => MetricInput.OrderProblems(Orders, $"{path}.orders");

    public override IMetric Build(MetricContext context)
    {
        MetricInput.RequireOrders("distinct-n", Orders);
        return new DistinctNMetric(Orders);
    }
}
