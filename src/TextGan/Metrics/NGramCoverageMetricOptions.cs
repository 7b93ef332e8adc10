namespace TextGan.Metrics;

/// <summary>
/// How many n-grams real and generated texts share, each counted once, from 0 to 1, higher is better. "n-gram-coverage-N" is the share of
/// the held-out texts' distinct n-grams that occur among the samples; it rises with the number of samples. "n-gram-precision-N" is the
/// share of the samples' distinct n-grams that occur in the held-out texts; it falls with it, so compare like with like. End tokens are
/// left out.
/// </summary>
public sealed record NGramCoverageMetricOptions : MetricOptions
{
    /// <summary>Lengths of n-grams. Default [1, 2, 3, 4]; each from 1 to 10.</summary>
    public IReadOnlyList<int> Orders { get; init; } = [1, 2, 3, 4];

    /// <summary>Held-out texts at most, spread evenly over them. Default 1000.</summary>
    [Range(1, int.MaxValue)]
    public int Limit { get; init; } = 1000;

    public override bool NeedsData => true;

    public override bool NeedsHeldOut => true;

    public override IReadOnlyList<string>? ValueNames =>
        [.. Orders.SelectMany(order => new[] { $"{NGramCoverageMetric.Coverage}{order}", $"{NGramCoverageMetric.Precision}{order}" })];

    public override IEnumerable<Problem> Validate(string path) => MetricInput.OrderProblems(Orders, $"{path}.orders");

    public override IMetric Build(MetricContext context)
    {
        MetricInput.RequireOrders("n-gram-coverage", Orders);
        return new NGramCoverageMetric(
            context.Encoder.Tokens(context.Texts("n-gram-coverage", Data, ReferenceSplit.HeldOut, Limit)), Orders);
    }
}
