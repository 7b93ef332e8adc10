namespace TextGan.Data.Rules;

/// <summary>Whether the last words of a text have a property.</summary>
/// <param name="words">How many; of a shorter text all.</param>
/// <param name="rule">The property.</param>
public sealed class TailRule(int words, TextRule rule) : TextRule
{
    public override bool Holds(string text)
    {
        var left = words;
        for (var i = text.Length - 1; i >= 0; i--)
        {
            var begins = !char.IsWhiteSpace(text[i]) && (i == 0 || char.IsWhiteSpace(text[i - 1]));
            if (begins && --left == 0) return rule.Holds(text[i..]);
        }
        return rule.Holds(text);
    }
}
