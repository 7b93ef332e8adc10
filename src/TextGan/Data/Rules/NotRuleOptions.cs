namespace TextGan.Data.Rules;

/// <summary>Texts that lack a property.</summary>
public sealed record NotRuleOptions : TextRuleOptions
{
    /// <summary>What they must lack.</summary>
    [Required]
    public TextRuleOptions Rule { get; init; } = null!;

    public override TextRule Build(BuildContext context) => new NotRule(Rule.Build());
}

/// <summary>Whether a text lacks a property.</summary>
/// <param name="rule">The property.</param>
public sealed class NotRule(TextRule rule) : TextRule
{
    public override bool Holds(string text) => !rule.Holds(text);
}
