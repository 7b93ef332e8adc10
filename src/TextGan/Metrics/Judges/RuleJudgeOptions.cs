using TextGan.Data;
using TextGan.Data.Rules;

namespace TextGan.Metrics.Judges;

/// <summary>The truth: whether a text has an exact property.</summary>
public sealed record RuleJudgeOptions : GoldJudgeOptions
{
    /// <summary>The property, for example { "kind": "contains", "text": "dog" }.</summary>
    [Required]
    public TextRuleOptions Rule { get; init; } = null!;

    public override GoldJudge Build(GoldJudgeContext context) => new RuleJudge(Rule.Build());
}

/// <summary>1 for texts with a property, 0 for others.</summary>
public sealed class RuleJudge(TextRule rule) : GoldJudge
{
    public override bool IsTruth => true;

    public override IReadOnlyList<double> Scores(IReadOnlyList<string> texts) => [.. texts.Select(text => rule.Holds(text) ? 1.0 : 0)];

    public override string? Finding(DataSplit heldOut) => null;
}
