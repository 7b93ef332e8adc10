namespace TextGan.Metrics;

/// <summary>
/// How alike the generated texts are: the mean of each text's sentence BLEU (uniform weights, smoothing method 1) with all other generated
/// texts as references, from 0 to 1, where high means little diversity. A text is never its own reference, but an equal text drawn
/// separately is; the values, called "self-bleu-N", rise with the number of texts, so compare like with like.
/// </summary>
public sealed record SelfBleuMetricOptions : MetricOptions
{
    /// <summary>BLEU of which orders: N uses n-grams of 1 to N tokens. Default [2, 3, 4, 5]; each from 1 to 10.</summary>
    public IReadOnlyList<int> Orders { get; init; } = [2, 3, 4, 5];

    /// <summary>Generated texts at most; the first ones are taken. Default 10000.</summary>
    [Range(2, int.MaxValue)]
    public int Limit { get; init; } = 10_000;

    public override IReadOnlyList<string>? ValueNames => [.. Orders.Select(order => $"self-bleu-{order}")];

    public override IEnumerable<Problem> Validate(string path) => MetricInput.OrderProblems(Orders, $"{path}.orders");

    public override IMetric Build(MetricContext context)
    {
        MetricInput.RequireOrders("self-bleu", Orders);
        return new SelfBleuMetric(Orders, Limit);
    }
}
