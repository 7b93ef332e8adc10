using TextGan.Data.Rules;

namespace TextGan.Metrics;

/// <summary>The share of generated texts that have each of several properties, with its 95% interval.</summary>
/// <param name="rules">The properties by name.</param>
public sealed class RulesMetric(IReadOnlyDictionary<string, TextRule> rules) : IMetric
{
    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var values = new Dictionary<string, double>();
        foreach (var (name, rule) in rules)
        {
            var rate = context.Texts.Count == 0 ? double.NaN : (double)context.Texts.Count(rule.Holds) / context.Texts.Count;
            var (low, high) = WilsonInterval.Of(rate, context.Texts.Count);
            foreach (var (key, value) in ValueNames(name).Zip((double[])[rate, low, high])) values[key] = value;
        }
        return values;
    }

    /// <summary>The names of a rule's values: its rate, and the limits of the interval.</summary>
    public static IReadOnlyList<string> ValueNames(string rule) => [$"rule-{rule}", $"rule-{rule}-low", $"rule-{rule}-high"];

    public string WhyMissing(string name) => "there are no samples";
}
