using TextGan.Metrics.Sweeps;
using TextGan.Reporting;

namespace TextGan.Cli.Display;

/// <summary>
/// What experiments came to: a row each, the last evaluation's figures as mean ± standard deviation over seeds. A figure that changes with
/// the number of samples names it, and those of other numbers stand in another column. Figures that could not be computed are explained
/// below.
/// </summary>
public static class ResultTable
{
    /// <summary>No lines where no run ended with figures. Runs that failed are left out.</summary>
    public static IReadOnlyList<string> Lines(IReadOnlyList<RunResult> results, int width)
    {
        var done = results.Where(result => result.Outcome != "failed" && result.FinalMetrics.Count > 0).ToList();
        if (done.Count == 0) return [];
        var metrics = done.SelectMany(result => result.FinalMetrics.Keys).Distinct()
            .Where(metric => !ExactFigures.IsOfCurve(metric) && !SweepCurve.IsOfCurve(metric))
            .Where(metric => UnknownTokens.IsShown(metric, done.Select(result => result.FinalMetrics.GetValueOrDefault(metric)))).ToList();
        if (metrics.Count == 0) return [];
        var figures = done.SelectMany(result => result.FinalMetrics.Where(pair => metrics.Contains(pair.Key))
            .Select(pair => new Figure(result.Name, pair.Key, Column(result, pair.Key), pair.Value,
                result.Missing.GetValueOrDefault(pair.Key)))).ToList();
        var columns = figures.OrderBy(figure => metrics.IndexOf(figure.Metric)).Select(figure => figure.Column).Distinct().ToList();
        var table = new TextTable(["experiment", "seeds", .. columns]);
        foreach (var experiment in done.GroupBy(result => result.Name))
        {
            table.Add([SafeText.Line(experiment.Key, 40), experiment.Count().ToString(),
                .. columns.Select(column =>
                    Cell([.. figures.Where(figure => figure.Experiment == experiment.Key && figure.Column == column)
                    .Select(figure => figure.Value)]))]);
        }
        var missing = figures.Where(figure => figure.Missing is not null).GroupBy(figure => (figure.Column, figure.Missing))
            .Select(group => $"{group.Key.Column} has no value in " +
                $"{string.Join(", ", group.Select(figure => SafeText.Line(figure.Experiment, 40)).Distinct())}: " +
                $"{SafeText.Line(group.Key.Missing)}");
        return [.. table.Lines(width), .. missing];
    }

    sealed record Figure(string Experiment, string Metric, string Column, double Value, string? Missing);

    static string Column(RunResult result, string metric) =>
        SafeText.Line(metric, 40) + (MetricFamily.ChangesWithSamples(metric) && result.Samples.TryGetValue(metric, out var count)
            ? $" ({count:N0})" : "");

    /// <summary>"3 runs finished (1 by an earlier command), 1 stopped, 1 failed".</summary>
    public static string Counts(IReadOnlyList<RunResult> results)
    {
        var parts = ((string[])["finished", "stopped", "failed"])
            .Select(outcome => (Outcome: outcome, Number: results.Count(result => result.Outcome == outcome)))
            .Where(part => part.Number > 0 || (part.Outcome == "finished" && results.Count == 0)).ToList();
        var earlier = results.Count(result => result.IsEarlier);
        return string.Join(", ",
            parts.Select((part, index) => (index == 0 ? Amount.Of(part.Number, "run") : $"{part.Number}") + $" {part.Outcome}"
            + (part.Outcome == "finished" && earlier > 0 ? $" ({earlier} by an earlier command)" : "")));
    }

    static string Cell(IReadOnlyList<double> seeds)
    {
        if (seeds.Count == 0) return "";
        double[] values = [.. seeds.Where(value => !double.IsNaN(value))];
        if (values.Length == 0) return "-";
        var some = values.Length < seeds.Count ? $" ({values.Length} of {seeds.Count})" : "";
        var mean = values.Average();
        if (values.Length == 1) return NumberText.Of(mean) + some;
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)); // of a sample
        return $"{NumberText.Of(mean)} ±{NumberText.Of(deviation)}{some}";
    }
}
