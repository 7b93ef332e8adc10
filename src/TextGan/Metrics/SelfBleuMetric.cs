namespace TextGan.Metrics;

/// <summary>Mean sentence BLEU of each generated text against all others.</summary>
/// <param name="orders">Which Self-BLEU-N are given.</param>
/// <param name="limit">Texts at most, the first ones.</param>
public sealed class SelfBleuMetric(IReadOnlyList<int> orders, int limit) : IMetric
{
    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        int[][] texts = [.. context.Tokens.Take(limit)];
        var means = texts.Length < 2 ? null : new SelfBleu(texts, orders.Max()).MeanScores();
        return orders.ToDictionary(order => $"self-bleu-{order}", order => means?[order - 1] ?? double.NaN);
    }

    public int? Samples(int drawn) => Math.Min(drawn, limit);

    public string WhyMissing(string name) => "there are fewer than two samples";
}
