using System.Globalization;
using System.Text;
using TextGan.Problems;
using TextGan.Safety;
using TextGan.Storage;

namespace TextGan.Reporting;

/// <summary>A front as it was drawn.</summary>
/// <param name="Front">The experiments and what they are compared in.</param>
/// <param name="Volumes">Hypervolumes: of all metrics, then of each plane.</param>
/// <param name="Files">The files.</param>
public sealed record DrawnFront(ParetoFront Front, IReadOnlyList<FrontVolume> Volumes, IReadOnlyList<string> Files);

/// <summary>Draws which experiments are dominated: <c>front.png</c>, <c>front.svg</c>, <c>front.csv</c>, <c>hypervolume.csv</c>.</summary>
public static class FrontPlots
{
    /// <summary>The most experiments whose names stand in the panels; of more they stand in the legend.</summary>
    const int MostNames = 8;

    const int PanelsOfPage = 6;

    static readonly LinePattern NoLine = new([0.01f, 1000], 0, "no line");

    /// <summary>Reads runs, draws their front and writes its tables.</summary>
    /// <param name="runFolders">Folders runs/EXPERIMENT/SEED.</param>
    /// <param name="outputFolder">It is made where it is missing.</param>
    /// <param name="request">The axes.</param>
    /// <param name="say">Hears which runs are left out.</param>
    /// <exception cref="InvalidInputException">Runs are damaged, are there twice, or have no values of the axes.</exception>
    public static DrawnFront Draw(IReadOnlyList<string> runFolders, string outputFolder, FrontRequest request, Action<string> say)
    {
        var (runs, problems) = (new List<RunLog>(), new ProblemList());
        foreach (var folder in runFolders) problems.Note(() => runs.Add(RunLog.Read(folder)));
        problems.Throw();
        var front = Of(runs, request, say, out var axes);
        int[] every = [.. Enumerable.Range(0, front.Metrics.Count)];
        FrontVolume[] volumes =
        [
            .. every.Length is > 2 and <= ParetoFront.MostInVolume ? front.Volumes(every) : [],
            .. axes.Planes.SelectMany(plane => front.Volumes([plane.Horizontal, plane.Vertical])),
        ];
        var files = Figures(front, axes).SelectMany(figure => figure.Save(outputFolder)).ToList();
        foreach (var (name, text) in (ReadOnlySpan<(string, string)>)[
            ("front.csv", ToCsv(front)), ("hypervolume.csv", ToCsv(front, volumes))])
        {
            files.Add(Path.Combine(outputFolder, name));
            AtomicFile.WriteText(files[^1], text);
        }
        return new(front, volumes, files);
    }

    /// <summary>The front of runs.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="request">The axes.</param>
    /// <param name="say">Hears which runs are left out.</param>
    /// <param name="axes">The metrics and planes.</param>
    /// <exception cref="InvalidInputException">Runs are there twice or have no values of the axes.</exception>
    public static ParetoFront Of(IReadOnlyList<RunLog> runs, FrontRequest request, Action<string> say, out FrontAxes axes)
    {
        RunNames.RequireDistinct(runs.Select(run => (run.Experiment, run.Seed)));
        axes = FrontAxes.Of(runs, request, say);
        var (metrics, sweep, points) = (axes.Metrics, new SweepLooks(runs), new List<FrontPoint>());
        RequireSameSamples(runs, metrics);
        foreach (var (index, experiment) in runs.GroupBy(run => run.Experiment).Index())
        {
            var seeds = experiment.Select(run => (run.Seed, Values: ValuesOf(run, metrics, say))).Where(seed => seed.Values is not null)
                .ToList();
            if (seeds.Count == 0) continue;
            var (first, swept) = (experiment.First(), sweep.Of(experiment.First()));
            var look = first.IsSoup ? Soup : swept ?? LineLook.Of(index);
            // An open circle is a soup's.
            if (!first.IsSoup && look.Marker == MarkerShape.OpenCircle) look = look with { Marker = MarkerShape.FilledDiamond };
            points.Add(new(experiment.Key, swept is null ? experiment.Key : sweep.NameOf(first), first.IsSoup, look,
                [.. seeds.Select(seed => (seed.Seed, seed.Values!))]));
        }
        if (points.Count == 0)
            throw new InvalidInputException("RUN",
                $"no run has finite values of {string.Join(", ", metrics.Select(metric => metric.Name))}.");
        if (request.Reference.Keys.Except(metrics.Select(metric => metric.Name)).FirstOrDefault() is { } unused)
            throw new InvalidInputException("--reference",
                $"'{unused}' is no axis; the axes are {string.Join(", ", metrics.Select(metric => metric.Name))}.");
        var worst = ParetoFront.Worst(metrics, points);
        return new(metrics, points, [.. metrics.Select((metric, k) => request.Reference.GetValueOrDefault(metric.Name, worst[k]))]);
    }

    static LineLook Soup { get; } = new(Colors.Black, NoLine, MarkerShape.OpenCircle);

    static IReadOnlyList<double>? ValuesOf(RunLog run, IReadOnlyList<FrontMetric> metrics, Action<string> say)
    {
        SummaryRow?[] last = [.. metrics.Select(metric => SummaryTable.Last(run, LogNames.Metric + metric.Name))];
        for (var k = 0; k < last.Length; k++)
        {
            if (last[k] is { } row && double.IsFinite(row.Value)) continue;
            say($"{run.Experiment}/{run.Seed} is left out: it has no value of {metrics[k].Name}" +
                (last[k] is { Missing.Length: > 0 } missing ? $" ({missing.Missing})" : ""));
            return null;
        }
        return [.. last.Select(row => row!.Value)];
    }

    static void RequireSameSamples(IReadOnlyList<RunLog> runs, IReadOnlyList<FrontMetric> metrics)
    {
        foreach (var metric in metrics.Where(metric => MetricFamily.ChangesWithSamples(metric.Name)))
        {
            int[] counts = [.. runs.Where(run => run.Samples.ContainsKey(LogNames.Metric + metric.Name))
                .Select(run => run.Samples[LogNames.Metric + metric.Name]).Distinct().Order()];
            if (counts.Length > 1)
                throw new InvalidInputException(metric.Name, "changes with the number of samples, and the runs have " + string.Join(" and ",
                    counts.Select(count => count.ToString("N0", CultureInfo.InvariantCulture))) + "; choose other axes.");
        }
    }

    static IEnumerable<Figure> Figures(ParetoFront front, FrontAxes axes)
    {
        var withNames = front.Points.Count <= MostNames;
        Panel[] panels = [.. axes.Planes.Select(plane => new FrontPanel(front, plane.Horizontal, plane.Vertical, withNames)
        {
            Title = $"{front.Metrics[plane.Vertical].Name} against {front.Metrics[plane.Horizontal].Name}",
            Unit = front.Metrics[plane.Vertical].Titled,
        })];
        LegendEntry[] legend =
        [
            .. withNames ? [] : front.Points.Where(point => !point.IsSoup)
                .Select(point => new LegendEntry(Label.Clean(point.Label), point.Look with { Pattern = NoLine })),
            .. front.Points.Any(point => point.IsSoup) ? (LegendEntry[])[new("soup", Soup)] : [],
            new("dominated in this plane", new(FrontPanel.Grey, NoLine, MarkerShape.FilledCircle)),
            new("reference point", new(Colors.Black, NoLine, MarkerShape.Cross)),
        ];
        var spread = front.Points.Any(point => point.Seeds.Count > 1) ? "Marker: mean over seeds. Bars: smallest to largest seed."
            : "One seed each.";
        return PanelGrid.Pages("front", $"Pareto front of {Amount.Of(front.Points.Count, "experiment")}", panels, PanelsOfPage, figure =>
            figure with { Legend = legend, Note = $"{spread} Line: the border of what experiments dominate, by these values alone." });
    }

    /// <summary>
    /// A row for each experiment: experiment,kind,seeds, mean, smallest and largest value of each metric, dominatedBy, and
    /// dominatedByEverySeed (<see cref="ParetoFront.IsApart"/>); several names are separated by semicolons.
    /// </summary>
    public static string ToCsv(ParetoFront front)
    {
        var csv = new StringBuilder("experiment,kind,seeds,");
        foreach (var metric in front.Metrics)
            csv.Append(string.Join(',', ((string[])["", " smallest", " largest"]).Select(end => Field(metric.Name + end)))).Append(',');
        csv.Append("dominatedBy,dominatedByEverySeed\r\n");
        foreach (var point in front.Points)
        {
            var by = front.Dominating(point).ToList();
            csv.Append(CultureInfo.InvariantCulture, $"{Field(point.Name)},{(point.IsSoup ? "soup" : "run")},{point.Seeds.Count},");
            foreach (var value in point.Values)
                csv.Append(CultureInfo.InvariantCulture, $"{value.Mean:R},{value.Low:R},{value.High:R},");
            csv.Append(Field(string.Join("; ", by.Select(one => one.Name)))).Append(',')
                .Append(Field(string.Join("; ", by.Where(one => front.IsApart(one, point)).Select(one => one.Name)))).Append("\r\n");
        }
        return csv.ToString();
    }

    /// <summary>The hypervolumes: metrics,reference,set,ofMeans,seeds,meanOfSeeds,smallest,largest.</summary>
    public static string ToCsv(ParetoFront front, IReadOnlyList<FrontVolume> volumes)
    {
        var csv = new StringBuilder("metrics,reference,set,ofMeans,seeds,meanOfSeeds,smallest,largest\r\n");
        foreach (var volume in volumes)
        {
            var (means, seeds) = (volume.OfMeans, volume.OfSeeds);
            var at = string.Join("; ", volume.Metrics.Select(metric => front.Reference[front.Metrics.ToList().IndexOf(metric)]
                .ToString("R", CultureInfo.InvariantCulture)));
            csv.Append(CultureInfo.InvariantCulture,
                $"{Field(string.Join("; ", volume.Metrics.Select(metric => metric.Name)))},{at},{volume.Set},{means:R},{seeds.Count},");
            csv.Append(seeds.Count == 0 ? ",,\r\n"
                : string.Create(CultureInfo.InvariantCulture, $"{seeds.Mean:R},{seeds.Low:R},{seeds.High:R}\r\n"));
        }
        return csv.ToString();
    }

    static string Field(string text) => Label.CsvField(SafeText.Line(text));
}
