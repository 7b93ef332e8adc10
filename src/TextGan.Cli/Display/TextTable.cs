using Spectre.Console;

namespace TextGan.Cli.Display;

/// <summary>
/// Rows of plain text in aligned columns, the first to the left. A table wider than the page is continued below with its first column
/// repeated; on a narrow page that has no room for two columns each row becomes a paragraph.
/// </summary>
public sealed class TextTable(params IReadOnlyList<string> headers)
{
    const string Gap = "  ";
    const int Narrow = 60;
    readonly List<IReadOnlyList<string>> rows = [];

    /// <summary>All columns to the left, for words; otherwise all but the first to the right, for numbers.</summary>
    public bool LeftAligned { get; init; }

    public void Add(params IReadOnlyList<string> cells) => rows.Add(cells);

    public IReadOnlyList<string> Lines(int width)
    {
        var all = headers.Any(header => header.Length > 0) ? [headers, .. rows] : rows;
        var columns = headers.Count;
        var widths = Enumerable.Range(0, columns).Select(c => all.Select(row => Width(Cell(row, c))).DefaultIfEmpty(0).Max()).ToArray();
        if (width < Narrow && columns > 1 && widths[0] + Gap.Length + widths.Skip(1).Max() > width)
            return [.. rows.SelectMany(row => Paragraph(row, width))];
        var lines = new List<string>();
        for (var start = 1; start < columns || lines.Count == 0;)
        {
            var (end, used) = (start, widths[0]);
            while (end < columns && (end == start || used + Gap.Length + widths[end] <= width)) used += Gap.Length + widths[end++];
            if (lines.Count > 0) lines.Add("");
            foreach (var row in all) lines.Add(Join(row, [0, .. Enumerable.Range(start, end - start)], widths));
            start = Math.Max(end, start + 1);
        }
        return lines;
    }

    /// <summary>The first cell, and below it the others with their headers.</summary>
    IEnumerable<string> Paragraph(IReadOnlyList<string> row, int width) =>
    [
        .. Wrapped.Lines(Cell(row, 0), width),
        .. Enumerable.Range(1, headers.Count - 1).Where(column => Cell(row, column).Length > 0).SelectMany(column =>
            Wrapped.Lines($"{headers[column]} {Cell(row, column)}", width, Gap)),
    ];

    string Join(IReadOnlyList<string> row, IEnumerable<int> columns, int[] widths) =>
        string.Join(Gap, columns.Select(c => Pad(Cell(row, c), widths[c], LeftAligned || c == 0))).TrimEnd();

    static string Cell(IReadOnlyList<string> row, int column) => column < row.Count ? row[column] : "";

    static string Pad(string cell, int width, bool left)
    {
        var space = new string(' ', Math.Max(0, width - Width(cell)));
        return left ? cell + space : space + cell;
    }

    /// <summary>Cells on a terminal: wide characters take two.</summary>
    static int Width(string text) => text.GetCellWidth();
}
