using System.Globalization;
using System.Text;
using TextGan.Metrics.Sweeps;
using TextGan.Problems;
using TextGan.Safety;
using TextGan.Storage;

namespace TextGan.Reporting;

/// <summary>A run whose texts were measured over temperature or top-p.</summary>
/// <param name="Experiment">Its experiment.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Metrics">What was measured, by the names of the metric "temperature-sweep".</param>
/// <param name="Samples">Texts at each setting.</param>
public sealed record SweptRun(string Experiment, string Seed, IReadOnlyDictionary<string, double> Metrics, int Samples)
{
    /// <summary>Its curves.</summary>
    public IReadOnlyList<SweepCurve> Curves { get; } = SweepCurve.In(Metrics);
}

/// <summary>What a curve comes to.</summary>
/// <param name="Run">Whose curve.</param>
/// <param name="Variable">What varies.</param>
/// <param name="Pair">The figures.</param>
/// <param name="Best">The lowest sum; NaN if no point has both figures.</param>
/// <param name="At">The setting of the lowest sum.</param>
/// <param name="Area">The share of the box that the curve dominates.</param>
public sealed record SweepSummary(SweptRun Run, SweepVariable Variable, SweepPair Pair, double Best, double At, double Area);

/// <summary>Curves as they were drawn.</summary>
/// <param name="Rows">What each curve comes to, by pair and variable.</param>
/// <param name="Reference">The worst value in nats per token that areas count, of all runs.</param>
/// <param name="Files">The files.</param>
public sealed record DrawnSweep(IReadOnlyList<SweepSummary> Rows, double Reference, IReadOnlyList<string> Files);

/// <summary>
/// Draws runs over temperature and top-p: <c>temperature.png</c>, <c>temperature.svg</c>, <c>temperature.csv</c> (a row for each point),
/// <c>temperature-summary.csv</c> (best sums and areas).
/// </summary>
public static class TemperaturePlots
{
    /// <summary>Draws runs and writes their tables.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="outputFolder">It is made where it is missing.</param>
    /// <param name="reference">The worst value in nats that areas count; null: the largest of the runs' own.</param>
    /// <exception cref="InvalidInputException">A run is there twice.</exception>
    public static DrawnSweep Draw(IReadOnlyList<SweptRun> runs, string outputFolder, double? reference)
    {
        RunNames.RequireDistinct(runs.Select(run => (run.Experiment, run.Seed)));
        var worst = reference ?? runs.Max(run => run.Metrics[SweepCurve.Reference]);
        SweepSummary[] rows =
        [
            .. (from run in runs
                from curve in run.Curves
                from pair in curve.Pairs
                let best = pair.Best(curve.Points)
                select new SweepSummary(run, curve.Variable, pair, best is null ? double.NaN : pair.Sum(best), best?.At ?? double.NaN,
                    pair.Area(curve.Points, worst))).OrderBy(row => row.Variable).ThenBy(row => row.Pair.Name, StringComparer.Ordinal),
        ];
        var models = runs.GroupBy(run => run.Experiment).SelectMany((experiment, i) =>
            experiment.Select(run => new SweptModel(experiment.Key, LineLook.Of(i), run.Curves)));
        var files = TemperatureFigures.Of("temperature", Amount.Of(runs.Count, "run"), [.. models])
            .SelectMany(figure => figure.Save(outputFolder)).ToList();
        foreach (var (name, text) in (ReadOnlySpan<(string, string)>)[
            ("temperature.csv", PointsToCsv(runs)), ("temperature-summary.csv", ToCsv(rows, worst))])
        {
            files.Add(Path.Combine(outputFolder, name));
            AtomicFile.WriteText(files[^1], text);
        }
        return new(rows, worst, files);
    }

    /// <summary>A row for each figure of each point: experiment,seed,variable,at,figure,value,samples; what is missing is empty.</summary>
    public static string PointsToCsv(IReadOnlyList<SweptRun> runs)
    {
        var csv = new StringBuilder("experiment,seed,variable,at,figure,value,samples\r\n");
        foreach (var run in runs)
            foreach (var curve in run.Curves)
                foreach (var point in curve.Points)
                    foreach (var (figure, value) in point.Values)
                        csv.Append(CultureInfo.InvariantCulture, $"{Named(run)},{SweepCurve.NameOf(curve.Variable)},{point.At:R},")
                            .Append(CultureInfo.InvariantCulture, $"{figure},{Number(value)},{run.Samples}\r\n");
        return csv.ToString();
    }

    /// <summary>experiment,seed,variable,pair,bestSum,at,area,reference,samples; the reference of BLEU is empty, as it is BLEU 0.</summary>
    public static string ToCsv(IReadOnlyList<SweepSummary> rows, double reference)
    {
        var csv = new StringBuilder("experiment,seed,variable,pair,bestSum,at,area,reference,samples\r\n");
        foreach (var row in rows)
            csv.Append(CultureInfo.InvariantCulture, $"{Named(row.Run)},{SweepCurve.NameOf(row.Variable)},{row.Pair.Name},")
                .Append(CultureInfo.InvariantCulture,
                    $"{Number(row.Best)},{Number(row.At)},{row.Area:R},{(row.Pair.IsBleu ? "" : Number(reference))},{row.Run.Samples}\r\n");
        return csv.ToString();
    }

    static string Named(SweptRun run) => $"{Label.CsvField(SafeText.Line(run.Experiment))},{Label.CsvField(SafeText.Line(run.Seed))}";

    static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
}
