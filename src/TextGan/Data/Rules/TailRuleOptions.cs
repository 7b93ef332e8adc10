namespace TextGan.Data.Rules;

/// <summary>
/// Texts whose last words have a property: "happy" among the last 20 is { "kind": "tail", "words": 20, "rule": { "kind": "contains",
/// "text": "happy" } }.
/// </summary>
public sealed record TailRuleOptions : TextRuleOptions
{
    /// <summary>So many words at the end of the text are read (runs of characters without white space); of a shorter text all.</summary>
    [Range(1, int.MaxValue)]
    public int Words { get; init; } = 20;

    /// <summary>What they must have.</summary>
    [Required]
    public TextRuleOptions Rule { get; init; } = null!;

    public override TextRule Build(BuildContext context) => new TailRule(Words, Rule.Build());
}
