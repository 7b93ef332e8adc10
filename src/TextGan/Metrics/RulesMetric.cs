using TextGan.Data.Rules;

namespace TextGan.Metrics;

/// <summary>The share of generated texts that have each of several properties, with its 95% interval.</summary>
/// <param name="rules">The properties by name.</param>
public sealed class RulesMetric(IReadOnlyDictionary<string, TextRule> rules) : IMetric
{
    /// <summary>The 97.5% point of the normal distribution.</summary>
    const double Z = 1.959963984540054;

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var values = new Dictionary<string, double>();
        foreach (var (name, rule) in rules)
        {
            var (holding, count) = (context.Texts.Count(rule.Holds), context.Texts.Count);
            var (low, high) = Wilson(holding, count);
            foreach (var (key, value) in ValueNames(name).Zip((double[])[(double)holding / count, low, high])) values[key] = value;
        }
        return values;
    }

    /// <summary>The names of a rule's values: its rate, and the limits of the interval.</summary>
    public static IReadOnlyList<string> ValueNames(string rule) => [$"rule-{rule}", $"rule-{rule}-low", $"rule-{rule}-high"];

    /// <summary>
    /// The 95% interval of a share of which <paramref name="count"/> trials had <paramref name="holding"/> (Wilson, Journal of the American
    /// Statistical Association 22, 1927); NaN without a trial.
    /// </summary>
    public static (double Low, double High) Wilson(int holding, int count)
    {
        if (count == 0) return (double.NaN, double.NaN);
        var (p, n) = ((double)holding / count, (double)count);
        var middle = p + Z * Z / (2 * n);
        var half = Z * Math.Sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
        var scale = 1 + Z * Z / n;
        return (Math.Max(0, (middle - half) / scale), Math.Min(1, (middle + half) / scale));
    }

    public string WhyMissing(string name) => "there are no samples";
}
