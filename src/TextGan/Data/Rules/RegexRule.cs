using System.Text.RegularExpressions;

namespace TextGan.Data.Rules;

/// <summary>Whether a regular expression matches somewhere in a text.</summary>
/// <param name="expression">Compiled with <see cref="Timeout"/>.</param>
public sealed class RegexRule(Regex expression) : TextRule
{
    /// <summary>Far above what a text takes in linear time: it ends what no run should wait for.</summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(10);

    /// <exception cref="InvalidInputException">A text takes longer than <see cref="Timeout"/>.</exception>
    public override bool Holds(string text)
    {
        try
        {
            return expression.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new InvalidInputException($"regex '{expression}'",
                $"takes more than {Timeout.TotalSeconds:0} seconds for a text of {text.Length:N0} characters; " +
                "a simpler pattern is needed.");
        }
    }
}
