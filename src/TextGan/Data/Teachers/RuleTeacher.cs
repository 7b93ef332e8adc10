using TextGan.Data.Rules;

namespace TextGan.Data.Teachers;

/// <summary>The truth about an exact property of a text; a text that has it is better than one that lacks it.</summary>
public sealed record RuleTeacherOptions : TeacherOptions
{
    /// <summary>The property, for example { "kind": "contains", "text": "dog" }.</summary>
    [Required]
    public TextRuleOptions Rule { get; init; } = null!;

    public override bool CanLabel => true;

    public override bool CanPrefer => true;

    public override Teacher Build(TeacherContext context) => new RuleTeacher(Rule.Build());
}

/// <summary>Says of a text whether a rule holds, and scores it 1 or 0.</summary>
public sealed class RuleTeacher(TextRule rule) : Teacher
{
    public override IReadOnlyList<bool> Label(IReadOnlyList<TeacherText> texts) => [.. texts.Select(one => rule.Holds(one.Text))];

    public override IReadOnlyList<double> Score(IReadOnlyList<TeacherText> texts) => [.. Label(texts).Select(has => has ? 1.0 : 0)];
}
