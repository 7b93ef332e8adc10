namespace TextGan.Metrics;

/// <summary>Different n-grams of all generated texts divided by all their n-grams.</summary>
public sealed class DistinctNMetric(IReadOnlyList<int> orders) : IMetric
{
    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var shares = DistinctNGrams.Shares(context.Tokens, orders.Max());
        return orders.ToDictionary(order => $"distinct-{order}", order => shares[order - 1]);
    }
}
