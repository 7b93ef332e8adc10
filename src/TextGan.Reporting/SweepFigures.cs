namespace TextGan.Reporting;

/// <summary>Composes the figures of a sweep: each metric's last value against each option that varies.</summary>
public static class SweepFigures
{
    const int PageOfPanels = 9, MostLines = 8;

    const string Teacher = "context-kl-teacher", Student = "context-kl-student";

    static readonly LineLook Yardstick = LineLook.Strong with { Pattern = LinePattern.Dashed, Marker = MarkerShape.OpenSquare };

    /// <summary>A figure, or several pages of it, for each option that varies.</summary>
    /// <param name="runs">The runs that are compared.</param>
    /// <param name="looks">The options that vary, and their colours.</param>
    /// <param name="metrics">The metrics, without "metric/", in the order of their panels.</param>
    /// <param name="titled">A metric's title.</param>
    /// <param name="title">What is compared.</param>
    public static IEnumerable<Figure> Of(
        IReadOnlyList<RunLog> runs, SweepLooks looks, IReadOnlyList<string> metrics, Func<string, string> titled, string title)
    {
        foreach (var option in looks.Options)
        {
            var with = runs.Where(run => option.In(run) is not null).ToList();
            var others = with.GroupBy(run => looks.NameOf(run, option)).ToList();
            // A random sweep has groups of one point each, or many of them: then all look alike. A line would give categories an order.
            var areTold = others.Count <= MostLines && others.Any(group => group.Select(option.In).Distinct().Count() > 1);
            var isJoined = areTold && option.IsNumeric;
            var single = LineLook.Of(0);
            var lines = others.Select((group, i) => (group.Key, Look: !areTold || others.Count == 1 ? single : LookOf(group.First(), i),
                Runs: group.ToList())).ToList();
            var yardsticks = metrics.Where(metric => isJoined && StudentOf(metric) is { } student && metrics.Contains(student)).ToList();
            var panels = metrics.Except(yardsticks).Select(metric => new SweepPanel(option,
                [.. lines.Select(line => new SweepLine(line.Look, Points(line.Runs, option, metric)))
                    .Concat(yardsticks.Where(own => StudentOf(own) == metric)
                        .Select(own => new SweepLine(Yardstick, Points(with, option, own))))
                    .Where(line => line.Points.Count > 0)],
                isJoined) { Title = titled(metric), Unit = MetricFamily.Of(metric).Unit }).Where(panel => panel.Lines.Count > 0);
            var isOnly = looks.Options.Count(other => other.Name == option.Name) == 1;
            var pages = PanelGrid.Pages($"comparison-sweep-{(isOnly ? option.Name : option.Option)}",
                $"Last evaluation against {option.Option}: {title}", [.. panels], PageOfPanels, figure => figure with
                {
                    Legend =
                    [
                        .. areTold && lines.Count > 1 ? lines.Select(line => new LegendEntry(line.Key, line.Look)) : [],
                        .. yardsticks.Count > 0 ? [new LegendEntry("the teacher itself", Yardstick)] : (LegendEntry[])[],
                    ],
                    Note = isJoined ? "Line: mean over seeds. Bars: smallest to largest seed."
                        : "A marker for each setting of the other options: mean over seeds. Bars: smallest to largest seed.",
                });
            foreach (var page in pages) yield return page;

            // The other option's own colours, where there is but one.
            LineLook LookOf(RunLog run, int index)
            {
                SweptOption[] varying = [.. looks.Options.Where(other => other != option && other.In(run) is not null)];
                var look = LineLook.Of(index);
                return varying.Length == 1 && varying[0].IsNumeric ? look with { Color = varying[0].ColorOf(varying[0].In(run)!) } : look;
            }
        }
    }

    /// <summary>
    /// "context-kl-student" of "context-kl-teacher", which is drawn beside it whatever the other options are; null of another name.
    /// </summary>
    static string? StudentOf(string metric) =>
        metric.StartsWith(Teacher, StringComparison.Ordinal) ? Student + metric[Teacher.Length..] : null;

    static IReadOnlyList<SeedPoint> Points(List<RunLog> runs, SweptOption option, string metric) =>
    [
        .. runs.GroupBy(run => option.In(run)!)
            .Select(seeds => SeedAggregate.Of(option.X(seeds.Key),
                seeds.Select(run => SummaryTable.Last(run, LogNames.Metric + metric)?.Value ?? double.NaN)))
            .Where(point => point.Count > 0).OrderBy(point => point.Step),
    ];
}
