using System.Text.RegularExpressions;

namespace TextGan.Data.Rules;

/// <summary>
/// Texts in which a regular expression of .NET matches somewhere. It is matched in time that is linear in the text, so that no pattern can
/// hang a run; therefore lookarounds, backreferences and atomic groups are not allowed.
/// </summary>
public sealed record RegexRuleOptions : TextRuleOptions
{
    /// <summary>The pattern; "^" and "$" are the beginning and the end of the text.</summary>
    [Required]
    public string Pattern { get; init; } = "";

    /// <summary>Whether "Dog" counts as "dog". Default false.</summary>
    public bool IgnoreCase { get; init; }

    public override IEnumerable<Problem> Validate(string path) => Problem(out _) is { } problem ? [new($"{path}.pattern", problem)] : [];

    public override TextRule Build(BuildContext context) => Problem(out var expression) is { } problem
        ? throw new InvalidInputException("pattern", problem) : new RegexRule(expression!);

    string? Problem(out Regex? expression)
    {
        expression = null;
        try
        {
            expression = new Regex(Pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant
                | (IgnoreCase ? RegexOptions.IgnoreCase : RegexOptions.None), RegexRule.Timeout);
            return null;
        }
        catch (RegexParseException bad)
        {
            return $"is not a regular expression: {bad.Message}";
        }
        catch (NotSupportedException)
        {
            return "cannot be matched in linear time: lookarounds, backreferences, atomic groups and very large repetitions are not " +
                "allowed.";
        }
    }
}
