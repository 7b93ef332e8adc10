using System.Globalization;
using System.Text;

namespace TextGan.Safety;

/// <summary>
/// Makes text that a model wrote, or that came out of a file, harmless wherever it is shown or opened (terminals, logs, samples,
/// tables, pictures): nothing in it can move the cursor, colour, reorder or hide the text around it. What is shown is one line;
/// what had to be replaced stands there as an escape.
/// </summary>
public static class SafeText
{
    /// <summary>
    /// One line of visible text. Line breaks and tabs become <c>\n</c>, <c>\r</c> and <c>\t</c>; other control characters, line
    /// and paragraph separators, bidirectional marks and other invisible formatting become <c>\u001b</c> and the like; halves of
    /// surrogate pairs become U+FFFD. Zero-width joiners, which scripts and emoji need, stay.
    /// </summary>
    /// <param name="text">Any text; null counts as empty.</param>
    /// <param name="limit">At most this many characters (runes) are taken, "…" marks what was cut.</param>
    public static string Line(string? text, int limit = int.MaxValue)
    {
        if (string.IsNullOrEmpty(text)) return "";
        StringBuilder? changed = null; // most texts are harmless and are returned as they are
        var (position, taken) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            // An unpaired surrogate is enumerated as U+FFFD, so the original is looked at as well.
            var lone = rune == Rune.ReplacementChar && text[position] != '\uFFFD';
            if (taken == limit)
            {
                return (changed ?? new StringBuilder(text, 0, position, position + 1)).Append('…').ToString();
            }
            if (lone || IsUnsafe(rune)) (changed ??= new StringBuilder(text, 0, position, text.Length + 16)).Append(Escape(rune));
            else changed?.Append(rune);
            position += lone ? 1 : rune.Utf16SequenceLength;
            taken++;
        }
        return changed?.ToString() ?? text;
    }

    /// <summary>Text of several lines: line breaks stay, every line is made harmless as by <see cref="Line"/>.</summary>
    public static string Lines(string? text) =>
        string.Join(Environment.NewLine, (text ?? "").ReplaceLineEndings("\n").Split('\n').Select(line => Line(line)));

    /// <summary>
    /// JSON of the same meaning in which all that is unsafe stands as an escape; outside of its strings JSON has none but line breaks.
    /// </summary>
    public static string Json(string json)
    {
        var changed = new StringBuilder(json.Length);
        foreach (var rune in json.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\r' or '\t' || !IsUnsafe(rune)) changed.Append(rune);
            else foreach (var unit in rune.ToString()) changed.Append($"\\u{(int)unit:x4}");
        }
        return changed.ToString();
    }

    /// <summary>Whether a character can do harm where it is shown: control characters, line separators, invisible formatting.</summary>
    public static bool IsUnsafe(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.Format => rune.Value is not (0x200C or 0x200D), // joiners
        _ => rune.Value is >= 0xE0000 and <= 0xE0FFF, // tags and further invisible selectors
    };

    static string Escape(Rune rune) => rune.Value switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        0xFFFD => "\uFFFD",
        <= 0xFFFF => $"\\u{rune.Value:x4}",
        _ => $"\\U{rune.Value:x8}",
    };
}
