using System.Globalization;
using System.Text;
using TextGan.Safety;

namespace TextGan.Reporting;

/// <summary>A metric's last value in a run.</summary>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="Seed">The seed, as its folder is named.</param>
/// <param name="Phase">The phase of the last evaluation.</param>
/// <param name="Metric">The metric's name without "metric/".</param>
/// <param name="Step">The step in that phase.</param>
/// <param name="Value">The value; NaN where it could not be computed.</param>
/// <param name="Samples">The number of samples that it rests on; null where it rests on none, or where the log does not say.</param>
/// <param name="Missing">Why the value is NaN; "" where it is not.</param>
public sealed record SummaryRow(string Experiment, string Seed, Phase Phase, string Metric, double Step, double Value, int? Samples,
    string Missing);

/// <summary>The last values of runs as rows and as CSV.</summary>
public static class SummaryTable
{
    /// <summary>
    /// A row for each metric of each run, in the order of the runs; the adversarial phase's value where there is one, else that of
    /// pretraining.
    /// </summary>
    public static IReadOnlyList<SummaryRow> Of(IEnumerable<RunLog> runs) =>
    [
        .. from run in runs
           from name in run.Names
           where name.StartsWith(LogNames.Metric, StringComparison.Ordinal)
           let last = Last(run, name)
           where last is not null
           select last,
    ];

    /// <summary>A metric's last value, by its full name ("metric/bleu-2"); null where the run never measured it.</summary>
    public static SummaryRow? Last(RunLog run, string name)
    {
        foreach (var phase in new[] { Phase.Adversarial, Phase.Pretraining })
            if (run.Find(phase, name) is { } series)
                return new(run.Experiment, run.Seed, phase, name[LogNames.Metric.Length..], series.LastStep, series.LastValue,
                    run.Samples.TryGetValue(name, out var count) ? count
                        : null, run.Missing.GetValueOrDefault(name, double.IsNaN(series.LastValue) ? "it could not be computed" : ""));
        return null;
    }

    /// <summary>
    /// RFC 4180 with the header experiment,seed,phase,metric,step,value,samples,missing. Numbers have a point and as many digits as give
    /// the same number back; a value that could not be computed is empty and "missing" says why; text that a spreadsheet would take for a
    /// formula has an apostrophe in front.
    /// </summary>
    public static string ToCsv(IEnumerable<SummaryRow> rows)
    {
        var csv = new StringBuilder("experiment,seed,phase,metric,step,value,samples,missing\r\n");
        foreach (var row in rows)
            csv.Append(string.Join(',',
                Label.CsvField(SafeText.Line(row.Experiment)), Label.CsvField(SafeText.Line(row.Seed)), row.Phase.NameOf(),
                Label.CsvField(SafeText.Line(row.Metric)),
                row.Step.ToString("R", CultureInfo.InvariantCulture), double.IsNaN(row.Value) ? ""
                    : row.Value.ToString("R", CultureInfo.InvariantCulture),
                row.Samples?.ToString(CultureInfo.InvariantCulture) ?? "", Label.CsvField(SafeText.Line(row.Missing)))).Append("\r\n");
        return csv.ToString();
    }
}
