using System.Globalization;
using TextGan.Safety;

namespace TextGan.Reporting.Documents;

/// <summary>Names and numbers as documents show them.</summary>
static class MarkdownText
{
    /// <summary>A name as code; one that no experiment file could have given is escaped instead.</summary>
    public static string Name(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || "-_.+=/".Contains(c)) ? $"`{name}`" : Escape(name);

    /// <summary>
    /// Text that reads as it is: all that could be Markdown, HTML, an address that becomes a link, or the end of a cell is a character
    /// reference, which no reader of tables takes apart.
    /// </summary>
    public static string Escape(string text)
    {
        var line = SafeText.Line(text);
        return string.Concat(line.Select((c, i) =>
            char.IsAscii(c) && !char.IsAsciiLetterOrDigit(c) && !" -.,:+=/".Contains(c) || IsOfLink(line, i) ? $"&#{(int)c};" : $"{c}"));
    }

    /// <summary>Whether it is the colon of "https://" or "mailto:", but not of "device: cpu", or the first dot of "www.example".</summary>
    static bool IsOfLink(string line, int i) => line[i] switch
    {
        ':' => i + 1 < line.Length && line[i + 1] != ' ',
        '.' => line.AsSpan(0, i).EndsWith("www", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    /// <summary>A cell that the document's author wrote, which may have Markdown.</summary>
    public static string Written(string text) => string.Concat(text.Select((c, i) => c == '|' && (i == 0 || text[i - 1] != '\\') ? "\\|"
        : char.IsControl(c) ? " " : c.ToString()));

    /// <summary>A number with so many decimals and no zero before the point: ".59", "-.02", "1,234.5".</summary>
    /// <param name="value">The number.</param>
    /// <param name="digits">Decimals.</param>
    /// <param name="signed">Whether numbers above 0 have a plus.</param>
    public static string Number(double value, int digits, bool signed = false)
    {
        var text = Math.Abs(value).ToString("N" + digits, CultureInfo.InvariantCulture);
        var isZero = text.All(c => c is '0' or '.');
        return (isZero ? "" : value < 0 ? "-" : signed ? "+" : "") + (text.StartsWith("0.", StringComparison.Ordinal) ? text[1..] : text);
    }
}
