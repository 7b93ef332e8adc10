namespace TextGan.Cli.Display;

/// <summary>Named figures in as many columns as the page has room for, read downwards; "-" where one could not be computed.</summary>
public static class FigureColumns
{
    public static IReadOnlyList<string> Lines(IReadOnlyDictionary<string, double> figures, int width, string indent = "  ")
    {
        var entries = figures.Select(
            figure => (Name: SafeText.Line(figure.Key.StartsWith("metric/", StringComparison.Ordinal) ? figure.Key[7..] : figure.Key, 60),
            Value: double.IsNaN(figure.Value) ? "-" : NumberText.Of(figure.Value))).ToList();
        if (entries.Count == 0) return [];
        var names = entries.Max(entry => entry.Name.Length);
        var values = entries.Max(entry => entry.Value.Length);
        const string gap = "    ";
        var columns = Math.Clamp((width - indent.Length + gap.Length) / (names + 1 + values + gap.Length), 1, entries.Count);
        var height = (entries.Count + columns - 1) / columns;
        return [.. Enumerable.Range(0, height).Select(row => indent + string.Join(gap, Enumerable.Range(0, columns)
            .Select(column => row + column * height).Where(index => index < entries.Count)
            .Select(index => $"{entries[index].Name.PadRight(names)} {entries[index].Value.PadLeft(values)}")))];
    }
}
