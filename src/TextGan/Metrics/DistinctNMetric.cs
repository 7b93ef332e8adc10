namespace TextGan.Metrics;

/// <summary>Different n-grams of all generated texts divided by all their n-grams; without any n-gram there is no such share.</summary>
public sealed class DistinctNMetric(IReadOnlyList<int> orders) : IMetric
{
    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var shares = DistinctNGrams.Shares(context.Tokens, orders.Max());
        return orders.ToDictionary(order => $"distinct-{order}", order => shares[order - 1]);
    }

    public string WhyMissing(string name) => name == "distinct-1" ? "no sample has a token"
        : $"no sample has {name["distinct-".Length..]} tokens";
}
