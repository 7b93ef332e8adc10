namespace TextGan.Metrics;

/// <summary>
/// How much of each generated text, in n-grams of tokens, occurs in real texts: the mean over generated texts of sentence BLEU with all
/// references at once, uniform weights and smoothing method 1, from 0 to 1, equal to NLTK's sentence_bleu. It measures quality and not
/// diversity. The values are called "bleu-N-DATA" after the data set, and "bleu-N-DATA-train" against its training texts.
/// </summary>
public sealed record BleuMetricOptions : MetricOptions
{
    /// <summary>BLEU of which orders: N uses n-grams of 1 to N tokens. Default [2, 3, 4, 5]; each from 1 to 10.</summary>
    public IReadOnlyList<int> Orders { get; init; } = [2, 3, 4, 5];

    /// <summary>Which texts are the references: "held-out" (default) or "train".</summary>
    public ReferenceSplit Split { get; init; } = ReferenceSplit.HeldOut;

    /// <summary>References at most, spread evenly over the split. More references give higher values. Default 10000.</summary>
    [Range(1, int.MaxValue)]
    public int Limit { get; init; } = 10_000;

    public override bool NeedsData => true;

    public override bool NeedsHeldOut => Split == ReferenceSplit.HeldOut;

    public override string NameEnd => MetricInput.Suffix(Data ?? "", Split);

    public override IReadOnlyList<string>? ValueNames =>
        [.. Orders.Select(order => $"bleu-{order}{NameEnd}")];

    public override IEnumerable<Problem> Validate(string path) => MetricInput.OrderProblems(Orders, $"{path}.orders");

    public override IMetric Build(MetricContext context)
    {
        MetricInput.RequireOrders("bleu", Orders);
        var references = context.Encoder.Tokens(context.Texts("bleu", Data, Split, Limit));
        return new BleuMetric(new BleuReferences(references, Orders.Max()), Orders, NameEnd);
    }
}
