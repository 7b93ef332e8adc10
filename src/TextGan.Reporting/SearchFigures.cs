using System.Text.RegularExpressions;

namespace TextGan.Reporting;

/// <summary>True reward against compute of each measured search (metric "search"), at the first and the last evaluation.</summary>
public static partial class SearchFigures
{
    const int MostExperiments = 4;

    /// <summary>Whether a metric, without "metric/", is one of a search: these have pictures of their own.</summary>
    public static bool IsOfSearch(string metric) => ValueName().IsMatch(metric);

    /// <summary>The figures; none where no search was measured.</summary>
    public static IEnumerable<Figure> Of(IReadOnlyList<RunLog> runs, string title)
    {
        var names = runs.SelectMany(run => run.Names).Where(name => name.StartsWith(LogNames.Metric, StringComparison.Ordinal))
            .Select(name => ValueName().Match(name[LogNames.Metric.Length..])).Where(match => match.Success)
            .Select(match => (Search: match.Groups["name"].Value, Budget: int.Parse(match.Groups["budget"].Value))).Distinct()
            .GroupBy(one => one.Search).ToList();
        var experiments = runs.GroupBy(run => run.Experiment)
            .Where(group => names.Any(name => name.Any(one => Values([.. group], one, "true", last: true).Any()))).ToList();
        foreach (var (page, chunk) in experiments.Chunk(MostExperiments).Index())
        {
            var rewards = chunk.Select(group => (Panel)new ComputePanel(
                [.. names.SelectMany((name, i) => (ComputeLine[])[Line([.. group], name, i, false), Line([.. group], name, i, true)])
                    .Where(line => line.Points.Count > 0)]) { Title = $"True reward: {group.Key}", Unit = "share of right texts" });
            var nodes = chunk.Select((group, k) => new CategoryPanel(
                [.. names.SelectMany((name, i) => (CategoryValues[])[Nodes([.. group], name, i, false), Nodes([.. group], name, i, true)])
                    .Where(values => values.Values.Count > 0)], showNames: k == 0)
            {
                Title = $"Nodes until the threshold: {group.Key}", Unit = "", HorizontalUnit = "expected nodes, searches repeated",
            }).ToList();
            var hasNodes = nodes.Any(panel => panel.Categories.Count > 0);
            yield return new Figure(PanelGrid.Paged("comparison-search", page), $"Search: {title}",
                [new([.. rewards]), .. hasNodes ? (FigureRow[])[new([.. nodes])] : []])
            {
                Legend = [.. names.Select((name, i) => new LegendEntry(name.Key, LineLook.Of(i)))],
                Note = "Pale: the first evaluation, before the generator has learnt from judges. Strong: the last. Mean over seeds; " +
                    "bars: smallest to largest seed.",
            };
        }
    }

    static ComputeLine Line(RunLog[] runs, IGrouping<string, (string Search, int Budget)> search, int index, bool last) => new(
        LookOf(index, last),
        [.. search.OrderBy(one => one.Budget)
            .Select(one => SeedAggregate.Of(SeedAggregate.Of(0, Values(runs, one, "tokens", last)).Mean, Values(runs, one, "true", last)))
            .Where(point => point.Count > 0 && point.Step > 0)]);

    /// <summary>
    /// With the largest budget: the nodes of all searches, of successful ones those until the threshold, divided by the number of
    /// successful ones. That is the expected number of nodes if searches are repeated until one succeeds (Auger and Hansen, 2005): those
    /// that soon give up do not look good.
    /// </summary>
    static CategoryValues Nodes(RunLog[] runs, IGrouping<string, (string Search, int Budget)> search, int index, bool last)
    {
        var budget = search.MaxBy(one => one.Budget);
        double[] reached = [.. Values(runs, budget, "reached", last)];
        return new($"{search.Key}, {(last ? "last" : "first")}", LookOf(index, last),
            // The mean over the seeds that reached it would leave out the worst ones.
            reached.Contains(0) ? [double.NaN]
                : [.. Values(runs, budget, "nodes-to-reach", last).Zip(reached, (nodes, share) => nodes / share)],
            "with some seed no search reached it");
    }

    static LineLook LookOf(int index, bool last) => LineLook.Of(index) is var look && last ? look
        : look with { Color = look.Color.WithAlpha(0.45) };

    static IEnumerable<double> Values(RunLog[] runs, (string Search, int Budget) one, string value, bool last) =>
        runs.Select(run => run.Find(Phase.Adversarial, $"{LogNames.Metric}search-{one.Search}-{one.Budget}-{value}")).OfType<LogSeries>()
            .Select(series => last ? series.LastValue : series.Values[0]);

    [GeneratedRegex("^search-(?<name>.+)-(?<budget>[0-9]{1,7})-(true|reward|tokens|judged|nodes|reached|nodes-to-reach)$")]
    private static partial Regex ValueName();
}
