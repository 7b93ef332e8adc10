using System.Globalization;
using System.Text;

namespace TextGan.Tokenization;

/// <summary>Details of Unicode that several tokenizers share.</summary>
internal static class UnicodeText
{
    /// <summary>The text with U+FFFD in the place of each surrogate that is not part of a pair; such a text is no Unicode.</summary>
    public static string WellFormed(string text) => HasLoneSurrogate(text) ? string.Concat(text.EnumerateRunes()) : text;

    public static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAnyInRange('\uD800', '\uDFFF') is var index && index >= 0)
        {
            if (index + 1 >= text.Length || !char.IsSurrogatePair(text[index], text[index + 1])) return true;
            text = text[(index + 2)..];
        }
        return false;
    }

    /// <summary>A token for tables and logs: blanks and characters that do not show are written out.</summary>
    public static string Visible(string token)
    {
        var result = new StringBuilder(token.Length);
        foreach (var rune in token.EnumerateRunes())
        {
            var shows = Rune.GetUnicodeCategory(rune) is not (
                UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator
                or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);
            result.Append(rune.Value switch
            {
                ' ' => "␣",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => shows ? rune.ToString() : $"<U+{rune.Value:X4}>",
            });
        }
        return result.ToString();
    }
}
