namespace TextGan.Data.Rules;

/// <summary>Texts that have each of several properties.</summary>
public sealed record AllRuleOptions : TextRuleOptions
{
    /// <summary>The properties; at least one.</summary>
    [Required]
    public IReadOnlyList<TextRuleOptions> Rules { get; init; } = [];

    public override IEnumerable<Problem> Validate(string path) => RuleLists.Problems(Rules, path);

    public override TextRule Build(BuildContext context) => new AllRule([.. Rules.Select(rule => rule.Build())]);
}

/// <summary>Whether a text has each of several properties.</summary>
/// <param name="rules">The properties.</param>
public sealed class AllRule(IReadOnlyList<TextRule> rules) : TextRule
{
    public override bool Holds(string text) => rules.All(rule => rule.Holds(text));
}
