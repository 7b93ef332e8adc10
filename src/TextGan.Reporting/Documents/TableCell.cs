namespace TextGan.Reporting.Documents;

/// <summary>A cell of a table.</summary>
/// <param name="Lead">The figure, which is set in bold where it is a column's best; empty in an empty cell.</param>
/// <param name="Tail">What follows it: its spread.</param>
/// <param name="Key">What rows are sorted by; NaN comes last.</param>
sealed record TableCell(string Lead, string Tail, double Key)
{
    public static TableCell Empty { get; } = new("", "", double.NaN);

    public bool IsEmpty => Lead.Length == 0;

    /// <summary>The mean over seeds, with the smallest and the largest value of several.</summary>
    /// <param name="values">A value for each seed; those that are not finite are left out.</param>
    /// <param name="format">Writes a number.</param>
    /// <param name="usual">The number of seeds is written only if it is smaller than this.</param>
    /// <param name="spread">Whether the smallest and the largest value are written.</param>
    public static TableCell Of(IEnumerable<double> values, Func<double, string> format, int usual, bool spread)
    {
        var point = SeedAggregate.Of(0, values);
        return point.Count == 0 ? Empty
            : new(format(point.Mean), Brackets(point.Count > 1 && spread ? $"{format(point.Low)} to {format(point.High)}" : "",
                point.Count, usual), point.Mean);
    }

    /// <summary>A mean difference with its interval, marked if that leaves out 0.</summary>
    public static TableCell Of(PairedDifference difference, int digits, int usual)
    {
        if (difference.Count == 0) return Empty;
        string Signed(double value) => MarkdownText.Number(value, digits, signed: true);
        var interval = difference.Count > 1 ? $"{Signed(difference.Low)} to {Signed(difference.High)}" : "";
        return new(Signed(difference.Mean) + (difference.ExcludesZero ? "\\*" : ""), Brackets(interval, difference.Count, usual),
            difference.Mean);
    }

    static string Brackets(string spread, int count, int usual)
    {
        var parts = new[] { spread, count < usual ? $"n = {count}" : "" }.Where(part => part.Length > 0).ToList();
        return parts.Count == 0 ? "" : $" ({string.Join("; ", parts)})";
    }
}
