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

    /// <summary>What a page may spend on curves, and about what a curve takes beside its points, and a value, in characters.</summary>
    const int Budget = 6_500_000, PerCurve = 60, PerValue = 7;

    /// <summary>The curves of runs, grouped by experiment; a note says so where they had to be reduced further.</summary>
    public static ReportCurves Of(IReadOnlyList<IReadOnlyList<RunLog>> experiments, List<string> notes)
    {
        RunLog[] runs = [.. experiments.SelectMany(experiment => experiment)];
        string[] names = [.. runs.SelectMany(run => run.Names).Distinct()];
        var found = (from name in Enumerable.Range(0, names.Length)
                     from phase in Enum.GetValues<Phase>()
                     from run in Enumerable.Range(0, runs.Length)
                     let series = runs[run].Find(phase, names[name])
                     where series is not null
                     select (Name: name, Phase: phase, Run: run, Series: series!)).ToList();
        var means = (from name in Enumerable.Range(0, names.Length)
                     from phase in Enum.GetValues<Phase>()
                     from experiment in Enumerable.Range(0, experiments.Count)
                     let mean = MeanOf(experiments[experiment], names[name], phase)
                     where mean is not null
                     select (Name: name, Phase: phase, Experiment: experiment, Series: mean!)).ToList();
        for (var limit = MostPoints; ; )
        {
            var columns = new StepColumns();
            ReportCurve Thinned(int name, Phase phase, int of, LogSeries series)
            {
                var (steps, values) = Thin(series, limit);
                return new(name, phase, of, columns.IndexOf(steps), values);
            }
            var curves = new ReportCurves(names, columns.All,
                [.. found.Select(one => Thinned(one.Name, one.Phase, one.Run, one.Series))],
                [.. means.Select(one => Thinned(one.Name, one.Phase, one.Experiment, one.Series))]);
            var size = curves.Runs.Concat(curves.Means).Sum(curve => (long)PerCurve + PerValue * curve.Values.Count) + columns.Size;
            if (size <= Budget || limit == FewestPoints)
            {
                if (found.Any(one => one.Series.Steps.Count > limit))
                    notes.Add(limit == MostPoints
                        ? $"Curves have at most {MostPoints:N0} points; the smallest and largest values are kept."
                        : $"Curves have at most {limit} points instead of {MostPoints:N0}, so that the page stays small; the smallest " +
                            "and largest values are kept.");
                return curves;
            }
            limit = Math.Max(FewestPoints, (int)Math.Min(limit * 0.9, limit * (double)Budget / size));
        }
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

        /// <summary>In characters.</summary>
        public long Size => indexes.Keys.Sum(key => (long)key.Length);

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
