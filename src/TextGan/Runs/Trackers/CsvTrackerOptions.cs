using System.Globalization;
using System.Text;

namespace TextGan.Runs.Trackers;

/// <summary>
/// metrics.csv and samples.csv in the run's folder, written anew at each evaluation and at the end. Of metrics each value is a row
/// (phase, step, seconds, name, value), of samples each text; UTF-8, a header, quoted as RFC 4180 says.
/// </summary>
public sealed record CsvTrackerOptions : TrackerOptions
{
    public override Tracker Build(TrackerContext context) => new TableTracker(context.Folder, "csv", Write);

    static void Write(Stream stream, Table table)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\r\n" };
        writer.WriteLine(string.Join(',', table.Columns.Select(column => Field(column.Name))));
        for (var row = 0; row < table.Rows; row++) writer.WriteLine(string.Join(',', table.Columns.Select(column => Field(column[row]))));
    }

    static string Field(object? value)
    {
        var text = value switch
        {
            null => "",
            bool truth => truth ? "true" : "false",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
        return text.AsSpan().ContainsAny("\",\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
