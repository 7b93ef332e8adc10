using TextGan.Data.Rules;

namespace TextGan.Metrics;

/// <summary>
/// The share of generated texts, from 0 to 1, that have each of several properties which can be checked exactly: "rule-NAME" after the
/// name of the rule, with the limits of its 95% interval (Wilson 1927), "rule-NAME-low" and "rule-NAME-high".
/// </summary>
public sealed record RulesMetricOptions : MetricOptions
{
    /// <summary>The properties by name: letters, digits, '-' and '_'.</summary>
    [Required]
    public IReadOnlyDictionary<string, TextRuleOptions> Rules { get; init; } = new Dictionary<string, TextRuleOptions>();

    public override IReadOnlyList<string>? ValueNames => [.. Rules.Keys.SelectMany(RulesMetric.ValueNames)];

    public override IEnumerable<Problem> Validate(string path)
    {
        if (Rules.Count == 0) yield return new($"{path}.rules", "there is no rule; give at least one by name.");
        foreach (var problem in Rules.Keys.Select(MetricInput.NameProblem).OfType<string>()) yield return new($"{path}.rules", problem);
    }

    public override IMetric Build(MetricContext context) =>
        new RulesMetric(Rules.ToDictionary(rule => rule.Key, rule => rule.Value.Build()));
}
