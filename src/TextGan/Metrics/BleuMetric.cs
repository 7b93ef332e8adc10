namespace TextGan.Metrics;

/// <summary>Mean sentence BLEU of generated texts against fixed references.</summary>
/// <param name="references">The references; their maximum order is at least the largest of <paramref name="orders"/>.</param>
/// <param name="orders">Which BLEU-N are given.</param>
/// <param name="suffix">The end of each value's name after "bleu-N".</param>
public sealed class BleuMetric(BleuReferences references, IReadOnlyList<int> orders, string suffix) : IMetric
{
    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var means = references.MeanScores(context.Tokens);
        return orders.ToDictionary(order => $"bleu-{order}{suffix}", order => means[order - 1]);
    }
}
