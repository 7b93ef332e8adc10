namespace TextGan.Metrics;

/// <summary>The share of texts whose first tokens occur once among all (<see cref="UniquePrefixesMetricOptions"/>).</summary>
/// <param name="length">Tokens of a prefix.</param>
/// <param name="real">So many real texts' tokens, or null where there are not as many; null without a data set.</param>
public sealed class UniquePrefixesMetric(int length, Func<int, IReadOnlyList<int[]>?>? real) : IMetric
{
    public const string Name = "unique-prefixes";

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var values = new Dictionary<string, double> { [Name] = Share(context.Tokens) };
        if (real is not null) values[Name + "-real"] = real(context.Tokens.Count) is { } texts ? Share(texts) : double.NaN;
        return values;
    }

    public string WhyMissing(string name) => name == Name ? "there are no samples" : "there are fewer real texts than samples";

    double Share(IReadOnlyList<int[]> texts) => texts.Count == 0 ? double.NaN
        : (double)texts.Select(text => text.Length <= length ? text : text[..length])
            .GroupBy(prefix => prefix, TokenSequenceComparer.Instance).Count(same => same.Count() == 1) / texts.Count;
}
