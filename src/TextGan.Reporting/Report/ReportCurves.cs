using System.Globalization;

namespace TextGan.Reporting.Report;

/// <summary>A curve.</summary>
/// <param name="Name">Index of its name.</param>
/// <param name="Phase">The phase.</param>
/// <param name="Of">The run, or the experiment that it is a mean of.</param>
/// <param name="Steps">Index of its column of steps.</param>
/// <param name="Values">Values in four digits; null is a gap.</param>
sealed record ReportCurve(int Name, Phase Phase, int Of, int Steps, IReadOnlyList<double?> Values);

/// <summary>Everything that was logged, as curves of limited size.</summary>
/// <param name="Names">Names as in metrics.jsonl.</param>
/// <param name="Steps">Columns of steps, which curves share: the first step, then differences.</param>
/// <param name="Runs">A curve for each run.</param>
/// <param name="Means">
/// A curve for each experiment that has several seeds or long series: the mean over seeds, of long series over moving averages.
/// </param>
sealed record ReportCurves(
    IReadOnlyList<string> Names, IReadOnlyList<IReadOnlyList<double>> Steps, IReadOnlyList<ReportCurve> Runs,
    IReadOnlyList<ReportCurve> Means)
{
    /// <summary>The most points of a curve.</summary>
    public const int MostPoints = 2000;

    /// <summary>The fewest points that curves are reduced to so that the page stays small.</summary>
    const int FewestPoints = 80;

    /// <summary>What a page may spend on curves, and what a point of a run's curve and of a mean take, all in characters.</summary>
    const int Budget = 6_500_000, PerPoint = 11, PerMeanPoint = 8;

    /// <summary>The curves of runs, grouped by experiment; a note says so where they had to be reduced further.</summary>
    public static ReportCurves Of(IReadOnlyList<IReadOnlyList<RunLog>> experiments, List<string> notes)
    {
        RunLog[] runs = [.. experiments.SelectMany(experiment => experiment)];
        string[] names = [.. runs.SelectMany(run => run.Names).Distinct()];
        var columns = new StepColumns();
        var means = new List<ReportCurve>();
        var raw = new List<(int Name, Phase Phase, int Run, LogSeries Series)>();
        for (var name = 0; name < names.Length; name++)
            foreach (var phase in Enum.GetValues<Phase>())
            {
                raw.AddRange(runs.Select((run, i) => (name, phase, i, run.Find(phase, names[name])!)).Where(one => one.Item4 is not null));
                for (var e = 0; e < experiments.Count; e++)
                    if (MeanOf(experiments[e], names[name], phase) is { } mean)
                        means.Add(new(name, phase, e, columns.IndexOf(mean.Steps), [.. mean.Values.Select(Rounded)]));
            }
        var limit = LimitOf([.. raw.Select(one => one.Series.Steps.Count)], Budget - PerMeanPoint * means.Sum(mean => mean.Values.Count));
        if (limit < MostPoints)
            notes.Add($"Curves of runs have at most {limit} points instead of {MostPoints:N0}, so that the page stays small; the smallest " +
                "and largest values are kept.");
        else if (raw.Any(one => one.Series.Steps.Count > limit))
            notes.Add($"Curves of runs have at most {MostPoints:N0} points; the smallest and largest values are kept.");
        if (means.Count > 0)
            notes.Add($"Means: over the seeds; where a run logged {Curve.DenseFrom} values or more, of its moving averages over a " +
                "twentieth of the steps, extremes left out.");
        return new(names, columns.All, [.. raw.Select(one =>
        {
            var (steps, values) = Thin(one.Series, limit);
            return new ReportCurve(one.Name, one.Phase, one.Run, columns.IndexOf(steps), values);
        })], means);
    }

    /// <summary>The largest number of points at which all curves together stay within a budget of characters.</summary>
    static int LimitOf(IReadOnlyList<int> counts, long budget)
    {
        var limit = MostPoints;
        while (limit > FewestPoints && counts.Sum(count => (long)Math.Min(count, limit)) * PerPoint > budget)
            limit = Math.Max(FewestPoints, limit * 9 / 10 / 4 * 4);
        return limit;
    }

    /// <summary>The mean over seeds; null where it would be the only run's curve.</summary>
    static LogSeries? MeanOf(IReadOnlyList<RunLog> runs, string name, Phase phase)
    {
        LogSeries[] found = [.. runs.Select(run => run.Find(phase, name)).OfType<LogSeries>()];
        if (found.Length == 0 || (found.Length == 1 && found[0].Steps.Count < Curve.DenseFrom)) return null;
        var points = SeedAggregate.ByStep(found, smoothTo: found.Max(series => series.LastStep));
        return new([.. points.Select(point => point.Step)], [.. points.Select(point => point.Mean)]);
    }

    /// <summary>At most so many points; a null between two points is a gap.</summary>
    internal static (IReadOnlyList<double> Steps, IReadOnlyList<double?> Values) Thin(LogSeries series, int limit)
    {
        var (steps, values) = (new List<double>(), new List<double?>());
        // Each bucket leaves up to four points, and a gap takes one.
        var buckets = series.Steps.Count <= limit ? series.Steps.Count : limit / 5;
        foreach (var (xs, ys) in Thinning.MinMax(series.Steps, series.Values, buckets))
        {
            if (steps.Count > 0)
            {
                steps.Add((steps[^1] + xs[0]) / 2);
                values.Add(null);
            }
            steps.AddRange(xs);
            values.AddRange(ys.Select(Rounded));
        }
        return (steps, values);
    }

    /// <summary>Four digits, which a screen does not show either.</summary>
    static double? Rounded(double value) => !double.IsFinite(value) ? null
        : double.Parse(value.ToString("E3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>Columns of steps, each once.</summary>
    sealed class StepColumns
    {
        readonly Dictionary<string, int> indexes = [];
        readonly List<IReadOnlyList<double>> all = [];

        public IReadOnlyList<IReadOnlyList<double>> All => all;

        public int IndexOf(IReadOnlyList<double> steps)
        {
            double[] differences = [.. steps.Select((step, i) => i == 0 ? step : step - steps[i - 1])];
            var key = string.Join(',', differences.Select(step => step.ToString(CultureInfo.InvariantCulture)));
            if (indexes.TryGetValue(key, out var index)) return index;
            all.Add(differences);
            return indexes[key] = all.Count - 1;
        }
    }
}
