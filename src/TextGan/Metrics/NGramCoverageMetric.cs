namespace TextGan.Metrics;

/// <summary>Which distinct n-grams real and generated texts share (<see cref="NGramCoverageMetricOptions"/>).</summary>
/// <param name="real">Token ids of the real texts.</param>
/// <param name="orders">Lengths of n-grams.</param>
public sealed class NGramCoverageMetric(IReadOnlyList<int[]> real, IReadOnlyList<int> orders) : IMetric
{
    public const string Coverage = "n-gram-coverage-", Precision = "n-gram-precision-";

    readonly HashSet<int[]>[] known = [.. orders.Select(order => Distinct(real, order))];

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var values = new Dictionary<string, double>();
        for (var k = 0; k < orders.Count; k++)
        {
            var drawn = Distinct(context.Tokens, orders[k]);
            double shared = drawn.Count(known[k].Contains);
            values[$"{Coverage}{orders[k]}"] = known[k].Count == 0 ? double.NaN : shared / known[k].Count;
            values[$"{Precision}{orders[k]}"] = drawn.Count == 0 ? double.NaN : shared / drawn.Count;
        }
        return values;
    }

    public string WhyMissing(string name) => name.StartsWith(Coverage, StringComparison.Ordinal)
        ? $"no held-out text has {Tokens(name[Coverage.Length..])}" : $"no sample has {Tokens(name[Precision.Length..])}";

    static string Tokens(string order) => Amount.Of(int.Parse(order, System.Globalization.CultureInfo.InvariantCulture), "token");

    static HashSet<int[]> Distinct(IReadOnlyList<int[]> texts, int order)
    {
        var found = new HashSet<int[]>(TokenSequenceComparer.Instance);
        foreach (var text in texts)
            for (var start = 0; start + order <= text.Length; start++) found.Add(text[start..(start + order)]);
        return found;
    }
}
