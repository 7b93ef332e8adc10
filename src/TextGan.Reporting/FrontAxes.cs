using TextGan.Problems;

namespace TextGan.Reporting;

/// <summary>What a front is drawn of, as it was asked for.</summary>
public sealed record FrontRequest
{
    /// <summary>Metrics of the horizontal axes; empty for the default axes.</summary>
    public IReadOnlyList<string> Horizontal { get; init; } = [];

    /// <summary>Metrics of the vertical axes, one for each horizontal one.</summary>
    public IReadOnlyList<string> Vertical { get; init; } = [];

    /// <summary>Metrics of which lower values are better, whatever their names tell.</summary>
    public IReadOnlyList<string> Lower { get; init; } = [];

    /// <summary>Metrics of which higher values are better, whatever their names tell.</summary>
    public IReadOnlyList<string> Higher { get; init; } = [];

    /// <summary>Coordinates of the reference point; of the other metrics it has the worst value of any run.</summary>
    public IReadOnlyDictionary<string, double> Reference { get; init; } = new Dictionary<string, double>();
}

/// <summary>The metrics of a front and the planes in which it is drawn.</summary>
/// <param name="Metrics">The metrics.</param>
/// <param name="Planes">Pairs of their indexes: horizontal, vertical.</param>
public sealed record FrontAxes(IReadOnlyList<FrontMetric> Metrics, IReadOnlyList<(int Horizontal, int Vertical)> Planes)
{
    /// <summary>
    /// The axes that were asked for. Default: the true attributes and gold rewards that every run has measured, each pair of them, and each
    /// against the quality of the texts.
    /// </summary>
    /// <param name="runs">The runs.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="say">Hears which metrics are no axes because some runs did not measure them.</param>
    /// <exception cref="InvalidInputException">A metric is not there or its better end is not known, or there are too few.</exception>
    public static FrontAxes Of(IReadOnlyList<RunLog> runs, FrontRequest request, Action<string> say)
    {
        var (all, problems) = (LogNames.Metrics(runs).ToArray(), new List<Problem>());
        foreach (var (option, names) in ((string, IReadOnlyList<string>)[])[("--x", request.Horizontal), ("--y", request.Vertical),
            ("--lower", request.Lower), ("--higher", request.Higher), ("--reference", [.. request.Reference.Keys])])
            problems.AddRange(names.Except(all).Select(name => new Problem(option, $"no run has measured '{name}'; " +
                $"{(all.Length == 0 ? "none has measured anything" : $"there are {string.Join(", ", all)}")}.")));
        if (request.Horizontal.Count != request.Vertical.Count)
            problems.Add(new("--y",
                $"is given {Times(request.Vertical.Count)} and --x {Times(request.Horizontal.Count)}; a plane needs both."));
        problems.AddRange(request.Lower.Intersect(request.Higher).Select(name =>
            new Problem("--lower", $"'{name}' is also given to --higher.")));
        if (problems.Count > 0) throw new InvalidInputException(problems);
        return request.Horizontal.Count > 0 ? Chosen(request) : Default(runs, all, request, say);

        static string Times(int count) => count == 1 ? "once" : $"{count} times";
    }

    static FrontAxes Chosen(FrontRequest request)
    {
        string[] names = [.. request.Horizontal.Zip(request.Vertical).SelectMany(pair => (string[])[pair.First, pair.Second]).Distinct()];
        var problems = names.Where(name => HigherIsBetter(name, request) is null).Select(name => new Problem(
            request.Horizontal.Contains(name) ? "--x" : "--y",
            $"the name '{name}' does not tell which end is better; say so by --lower {name} or --higher {name}.")).ToList();
        problems.AddRange(request.Horizontal.Intersect(request.Vertical).Where(name => request.Horizontal.Zip(request.Vertical)
            .Contains((name, name))).Select(name => new Problem("--y", $"'{name}' would be drawn against itself.")));
        if (problems.Count > 0) throw new InvalidInputException(problems);
        return new(Directed(names, request), [.. request.Horizontal.Zip(request.Vertical, (x, y) =>
            (Array.IndexOf(names, x), Array.IndexOf(names, y))).Distinct()]);
    }

    static FrontAxes Default(IReadOnlyList<RunLog> runs, string[] all, FrontRequest request, Action<string> say)
    {
        if (all.Length == 0) throw new InvalidInputException("RUN", "the runs have measured nothing.");
        string[] wanted = [.. all.Where(name => IsAttribute(name, all)), .. QualityIn(all) is { } one ? (string[])[one] : []];
        var missing = wanted.Where(name => runs.Any(run => SummaryTable.Last(run, LogNames.Metric + name) is null)).ToArray();
        foreach (var name in missing)
            say($"{name} is no axis: " + string.Join(", ", runs.Where(run => SummaryTable.Last(run, LogNames.Metric + name) is null)
                .Select(run => run.Experiment).Distinct()) + " did not measure it");
        string[] shared = [.. all.Where(name => runs.All(run => SummaryTable.Last(run, LogNames.Metric + name) is not null))];
        string[] attributes = [.. shared.Where(name => IsAttribute(name, shared))];
        string[] names = QualityIn(shared) is { } quality ? [.. attributes, quality] : attributes;
        if (names.Length < 2)
            throw new InvalidInputException("--x", "there are no two metrics that show a trade-off, such as 'helpful', 'gold-NAME' or " +
                $"'rule-NAME' and 'grammatical' or 'nll', in all runs; choose axes by --x and --y: {string.Join(", ", all)}.");
        var pairs = from x in Enumerable.Range(0, names.Length) from y in Enumerable.Range(x + 1, names.Length - x - 1) select (x, y);
        return new(Directed(names, request), [.. pairs]);
    }

    static IReadOnlyList<FrontMetric> Directed(string[] names, FrontRequest request) =>
        [.. names.Select(name => new FrontMetric(name, HigherIsBetter(name, request) ?? true))];

    static bool? HigherIsBetter(string name, FrontRequest request) => request.Higher.Contains(name) ? true
        : request.Lower.Contains(name) ? false : MetricDirection.HigherIsBetter(name);

    /// <summary>Rates and gold rewards; of an attribute that is measured exactly the gold reward of the same name is left out.</summary>
    static bool IsAttribute(string name, string[] all) => name != Grammatical
        && MetricFamily.Of(name).Title is "Exact rates" or "Gold reward"
        && !(name.StartsWith(Gold, StringComparison.Ordinal) && all.Contains(name[Gold.Length..]));

    const string Grammatical = "grammatical", Gold = "gold-";

    /// <summary>The share of grammatical texts; else the likelihood under the source, or of real texts, or the perplexity.</summary>
    static string? QualityIn(string[] all) => ((string[])[Grammatical, "source-nll", "nll", "perplexity"])
        .Select(start => all.FirstOrDefault(name => name.StartsWith(start, StringComparison.Ordinal))).OfType<string>().FirstOrDefault();
}
