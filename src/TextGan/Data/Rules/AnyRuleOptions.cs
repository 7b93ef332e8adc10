namespace TextGan.Data.Rules;

/// <summary>Texts that have at least one of several properties.</summary>
public sealed record AnyRuleOptions : TextRuleOptions
{
    /// <summary>The properties; at least one.</summary>
    [Required]
    public IReadOnlyList<TextRuleOptions> Rules { get; init; } = [];

    public override IEnumerable<Problem> Validate(string path) => RuleLists.Problems(Rules, path);

    public override TextRule Build(BuildContext context) => new AnyRule([.. Rules.Select(rule => rule.Build())]);
}

/// <summary>Whether a text has at least one of several properties.</summary>
/// <param name="rules">The properties.</param>
public sealed class AnyRule(IReadOnlyList<TextRule> rules) : TextRule
{
    public override bool Holds(string text) => rules.Any(rule => rule.Holds(text));
}
