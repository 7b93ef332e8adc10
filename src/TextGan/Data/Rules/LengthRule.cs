namespace TextGan.Data.Rules;

/// <summary>Whether a text has so many words: runs of characters without white space.</summary>
/// <param name="minimum">The fewest.</param>
/// <param name="maximum">The most; null: any number.</param>
public sealed class LengthRule(int minimum, int? maximum) : TextRule
{
    public override bool Holds(string text)
    {
        var words = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsWhiteSpace(text[i]) && (i == 0 || char.IsWhiteSpace(text[i - 1]))) words++;
        }
        return words >= minimum && (maximum is null || words <= maximum);
    }
}
