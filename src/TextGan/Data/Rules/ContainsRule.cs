namespace TextGan.Data.Rules;

/// <summary>Whether a text occurs in another at least, and perhaps at most, so many times.</summary>
/// <param name="sought">What is looked for; not empty.</param>
/// <param name="match">What counts as an occurrence.</param>
/// <param name="ignoreCase">Whether upper and lower case are one.</param>
/// <param name="minimum">The fewest occurrences.</param>
/// <param name="maximum">The most occurrences; null: any number.</param>
public sealed class ContainsRule(string sought, TextMatch match, bool ignoreCase, int minimum, int? maximum) : TextRule
{
    readonly StringComparison comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    public override bool Holds(string text)
    {
        // One more than the most, or as many as are enough, decide.
        var enough = maximum is { } most ? most + 1 : minimum;
        var count = Count(text, enough);
        return count >= minimum && (maximum is null || count <= maximum);
    }

    int Count(string text, int enough)
    {
        var count = 0;
        for (var at = 0; count < enough && (at = text.IndexOf(sought, at, comparison)) >= 0;)
        {
            var end = at + sought.Length;
            var counts = match == TextMatch.Substring || !(IsPartOfWord(text, at - 1) || IsPartOfWord(text, end));
            if (counts) count++;
            at = counts ? end : at + 1;
        }
        return count;
    }

    static bool IsPartOfWord(string text, int at) => at >= 0 && at < text.Length && char.IsLetterOrDigit(text[at]);
}
