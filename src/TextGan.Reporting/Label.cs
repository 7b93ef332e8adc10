using System.Globalization;
using System.Text;
using TextGan.Safety;

namespace TextGan.Reporting;

/// <summary>Makes text from names fit for pictures, files and tables.</summary>
public static class Label
{
    /// <summary>
    /// Text on one line that draws as it reads: control characters, line separators, invisible formatting (direction marks
    /// among it), private characters and lone surrogates become '\u{HEX}', and several spaces become one.
    /// </summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune))
            {
                Escape(clean, text[i]);
                continue;
            }
            var category = Rune.GetUnicodeCategory(rune);
            // The font has no picture of the latter three, so they would hide a difference.
            if (SafeText.IsUnsafe(rune)
                || category is UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
                Escape(clean, rune.Value);
            else if (category != UnicodeCategory.SpaceSeparator)
                clean.Append(rune.ToString());
            else if (clean.Length == 0 || clean[^1] != ' ')
                clean.Append(' ');
            i += rune.Utf16SequenceLength - 1;
        }
        return clean.ToString();
    }

    /// <summary>
    /// At most <paramref name="longest"/> characters: the middle of a longer text becomes '…', for names differ at both ends.
    /// </summary>
    public static string Elide(string text, int longest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, 3);
        var runes = text.EnumerateRunes().ToArray();
        if (runes.Length <= longest)
            return text;
        var head = longest / 2;
        return string.Concat(runes[..head]) + "…" + string.Concat(runes[^(longest - head - 1)..]);
    }

    /// <summary>
    /// A name for a file: ASCII letters, digits, '-', '_' and '.' stay, all else becomes '-'; it starts with none of "-.", and is at most
    /// 80 long.
    /// </summary>
    public static string FileName(string text)
    {
        var name = new string(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-').ToArray());
        name = name.TrimStart('-', '.').TrimEnd('.');
        return name.Length == 0 ? "unnamed" : name[..Math.Min(80, name.Length)];
    }

    /// <summary>
    /// A text as a field of CSV (RFC 4180). A text that a spreadsheet would run as a formula (it starts with = + - @, their full-width
    /// forms, a tab or a line break) gets an apostrophe in front.
    /// </summary>
    public static string CsvField(string text)
    {
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠')
            text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? "\"" + text.Replace("\"", "\"\"") + "\"" : text;
    }

    /// <summary>A text as one word of a shell's command line.</summary>
    public static string ShellWord(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "/._-+=,:".Contains(c))
        ? text : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    static void Escape(StringBuilder clean, int code) => clean.Append("\\u{").Append(code.ToString("X")).Append('}');
}
