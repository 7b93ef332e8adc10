namespace TextGan.Reporting;

/// <summary>Composes the figures of a comparison from the logs of its runs.</summary>
public sealed class ComparisonFigures
{
    const int PageOfPanels = 9, FinalPanels = 6, MostSettings = 20;

    sealed record Group(string Name, IReadOnlyList<RunLog> Runs, LineLook Look, bool HasAdversarialPhase, bool IsSwept);

    readonly List<Group> groups = [];
    readonly string title;
    readonly MetricChoice choice;
    readonly StepAxis axis;
    readonly SweepLooks sweep;
    readonly (PublishedCurve Curve, LineLook Look)[] published;

    ComparisonFigures(IReadOnlyList<RunLog> runs, string title)
    {
        this.title = title;
        axis = runs.Any(run => run.HasAdversarialPhase)
            ? new(runs.Max(run => run.LastStep(Phase.Adversarial)))
            : new(0, Phase.Pretraining, runs.Max(run => run.LastStep(Phase.Pretraining)));
        sweep = new SweepLooks(runs);
        foreach (var experiment in runs.GroupBy(run => run.Experiment))
        {
            var adversarial = experiment.Any(run => run.HasAdversarialPhase);
            var swept = sweep.Of(experiment.First());
            var look = swept ?? LineLook.Of(groups.Count);
            // Beside iterations, an experiment without them is a level line.
            if (!adversarial && axis.Iterations > 0)
                look = look with { Pattern = LinePattern.DenselyDashed, Marker = MarkerShape.None };
            var name = swept is null ? experiment.Key : sweep.NameOf(experiment.First());
            groups.Add(new(name, [.. experiment], look, adversarial, swept is not null));
        }
        // Only beside iterations, which is what published steps are.
        published = axis.Iterations <= 0 ? []
            : [.. runs.SelectMany(run => run.Published).DistinctBy(curve => curve.Key)
                .Select((curve, index) => (curve, LineLook.Published(index)))];
        choice = new(runs);
    }

    /// <summary>All figures that the runs have data for.</summary>
    public static IReadOnlyList<Figure> Of(IReadOnlyList<RunLog> runs, string title)
    {
        RunLog[] drawable = [.. runs.Select(run => MetricChoice.WithSamples(run).Drawable())];
        var figures = new ComparisonFigures(drawable, title);
        IEnumerable<Figure> all = [
            .. figures.Metrics(), .. figures.Losses(), .. figures.Final(), .. figures.Conflict(), .. figures.Tradeoff(),
            .. figures.Sweep(drawable),
            .. OverOptimization.Figures(figures.Rewards, "comparison-over-optimization", title),
            .. SearchFigures.Of(drawable, title),
            .. TemperatureFigures.Of("comparison-temperature", title, [.. figures.Swept])];
        return [.. drawable.Any(run => run.IsClipped)
            ? all.Select(figure => figure with { Note = $"{RunFigures.ClippedNote} {figure.Note}" }) : all];
    }

    /// <summary>A curve for each seed, in the look of its experiment.</summary>
    IEnumerable<SweptModel> Swept => groups.SelectMany(group => group.Runs.Select(run =>
        SweptModel.Of(run, run.HasAdversarialPhase ? Phase.Adversarial : Phase.Pretraining, group.Name, group.Look)))
        .OfType<SweptModel>();

    IReadOnlyList<RewardGroup> Rewards => [.. groups.Select(group => new RewardGroup(group.Name, group.Runs, group.Look))];

    string SpreadNote => groups.Any(group => group.Runs.Count > 1) ? "Line: mean over seeds. Band: smallest to largest seed."
        : "One seed each.";

    string SamplesNote => choice.All.Any(metric => MetricChoice.Split(metric).Samples.Length > 0) ? " In brackets: number of samples." : "";

    LegendEntry[] Legend =>
    [
        .. groups.Where(group => !group.IsSwept).Select(group => new LegendEntry(Named(group), group.Look)),
        .. published.Select(one => new LegendEntry(Label.Elide(Label.Clean(one.Curve.Name), 26), one.Look)),
        .. sweep.Legend([.. groups.Where(group => group.IsSwept).Select(group => (Named(group), group.Runs[0]))]),
    ];

    static string Named(Group group) =>
        Label.Elide(Label.Clean(group.Name), 26) + (group.Runs.Count > 1 ? $" ({group.Runs.Count})" : "");

    IEnumerable<Figure> Metrics()
    {
        var panels = new List<Panel>();
        foreach (var metric in choice.All)
        {
            var family = MetricFamily.Of(metric);
            var panel = new SeriesPanel(axis) { Title = Titled(metric), Unit = family.Unit, Scale = VerticalScale.Automatic,
                IsSmall = true };
            foreach (var group in groups)
            {
                if (group.HasAdversarialPhase || axis.Iterations <= 0)
                    AddMean(panel, group, LogNames.Metric + metric, group.HasAdversarialPhase ? Phase.Adversarial : Phase.Pretraining);
                else if (Ends(group, metric) is { Count: > 0 } end)
                {
                    panel.AddReference(end.Mean, group.Look);
                    if (end.Count > 1)
                        panel.AddSpread(Level(end.Low), Level(end.High), group.Look);
                }
            }
            foreach (var (curve, look) in published.Where(one => one.Curve.Metric == MetricChoice.Split(metric).Name))
            {
                if (curve.Steps.Count == 0) panel.AddReference(curve.Values[0], look);
                else if (Within(curve) is { } shown) panel.Add(shown, look);
            }
            var measured = groups.Count(group => LastRows(group, metric).Any());
            panel.Remarks = [.. groups.Select(group => WhyMissing(group, metric)).Where(reason => reason.Length > 0)
                .CountBy(reason => reason)
                .Select(reason => reason.Value == measured ? reason.Key : $"{reason.Key} ({reason.Value} of {measured})")];
            panels.Add(panel);
        }
        var note = SpreadNote + SamplesNote + (groups.Any(group => !group.HasAdversarialPhase) && axis.Iterations > 0
            ? " Level dashes without markers: last value of an experiment without adversarial iterations." : "");
        return PanelGrid.Pages("comparison-metrics", $"Metrics of samples: {title}", panels, PageOfPanels, figure =>
            figure with { Legend = Legend, Note = note });
    }

    /// <summary>As much of a published curve as the axis has iterations for; null if that is nothing.</summary>
    Curve? Within(PublishedCurve curve)
    {
        var count = curve.Steps.Count(step => step <= axis.Iterations);
        return count == 0 ? null : new Curve([new([.. curve.Steps.Take(count)], [.. curve.Values.Take(count)])]) { IsAveraged = true };
    }

    IEnumerable<Figure> Losses()
    {
        var names = groups.SelectMany(group => group.Runs).SelectMany(run => run.Names).Distinct().ToArray();
        var panels = new List<Panel>();
        void Add(string name, Phase phase, string text, string unit)
        {
            var last = groups.SelectMany(group => group.Runs).Max(run => run.LastStep(phase));
            var panel = new SeriesPanel(phase == Phase.Adversarial ? new(last)
                : new(0, phase, last)) { Title = text, Unit = unit, IsSmall = true };
            foreach (var group in groups)
                AddMean(panel, group, name, phase, smoothTo: last);
            if (panel.Curves.Count > 0)
                panels.Add(panel);
        }
        Add("generator/loss", Phase.Pretraining, "Pretraining: training text", "nats per token");
        Add("generator/heldOutLoss", Phase.Pretraining, "Pretraining: held-out text", "nats per token");
        Add("total", Phase.Adversarial, "Total objective", "sum of weighted terms");
        foreach (var name in names.Where(name => name.StartsWith(LogNames.Term, StringComparison.Ordinal)
            && name.EndsWith("/raw", StringComparison.Ordinal)))
            Add(name, Phase.Adversarial, $"Term, raw: {LogNames.Split(name).Member}", "term");
        foreach (var name in names.Where(name => name.StartsWith(LogNames.Discriminator, StringComparison.Ordinal)
            && name.EndsWith("/loss", StringComparison.Ordinal)))
            Add(name, Phase.Adversarial, $"Discriminator: {LogNames.Split(name).Member}", "loss");
        foreach (var name in names.Where(name => name.StartsWith(LogNames.Discriminator, StringComparison.Ordinal)
            && name.EndsWith("/oracleAuc", StringComparison.Ordinal)))
            Add(name, Phase.Adversarial, $"Against its oracle: {LogNames.Split(name).Member}", "AUC on the generator's texts");
        Add("generator/gradientNorm", Phase.Adversarial, "Norm of the generator's gradient", "norm");
        var note = SpreadNote
            + " Seeds are moving averages over a twentieth of the steps, extremes left out; each run's own pictures show spikes.";
        return PanelGrid.Pages("comparison-losses", $"Losses: {title}", panels, PageOfPanels, figure =>
            figure with { Legend = Legend, Note = note });
    }

    IEnumerable<Figure> Final()
    {
        var chosen = choice.Key.Take(FinalPanels).ToArray();
        // Lines of text would lie over each other; the figures of the sweep have the same values.
        if (chosen.Length == 0 || groups.Count(group => group.IsSwept) > MostSettings)
            yield break;
        var columns = PanelGrid.Columns(chosen.Length);
        var panels = chosen.Select((metric, i) =>
        {
            var family = MetricFamily.Of(metric);
            var values = groups.Select(
                group => new CategoryValues(group.Name, group.Look, [.. LastRows(group, metric).Select(row => row.Value)],
                WhyMissing(group, metric))).ToArray();
            return new CategoryPanel(values, showNames: i % columns == 0) {
                Title = Titled(metric), Unit = "", HorizontalUnit = family.Unit };
        });
        yield return new Figure("comparison-final", $"Last evaluation: {title}", PanelGrid.Rows([.. panels], columns))
        {
            Note = groups.Any(group => group.Runs.Count > 1)
                ? "Large marker and number: mean over seeds. Rings: seeds. All values are in summary.csv." + SamplesNote
                : "One seed each. All values are in summary.csv." + SamplesNote,
        };
    }

    /// <summary>In how many of the measured iterations two terms were in conflict, for the pairs in which that differs most.</summary>
    IEnumerable<Figure> Conflict()
    {
        var measured = groups.Select(group => (Group: group, Runs: group.Runs.Select(run => new TermConflicts(run)).ToArray())).ToArray();
        double[] Of(TermConflicts[] runs, (string A, string B) pair) => [.. runs.Select(run => run.ShareOf(pair)).Where(double.IsFinite)];
        var pairs = measured.SelectMany(one => one.Runs).SelectMany(run => run.NamedPairs).Distinct()
            .OrderByDescending(pair => measured.SelectMany(one => Of(one.Runs, pair)).ToArray() is { Length: > 0 } all
                ? all.Max() - all.Min() : -1)
            .Take(FinalPanels).ToArray();
        if (pairs.Length == 0 || groups.Count(group => group.IsSwept) > MostSettings) yield break;
        var columns = PanelGrid.Columns(pairs.Length);
        var panels = pairs.Select((pair, i) => new CategoryPanel(
            [.. measured.Where(one => one.Runs.Any(run => run.Terms.Count > 0))
                .Select(one => new CategoryValues(one.Group.Name, one.Group.Look, Of(one.Runs, pair), "not measured"))],
            showNames: i % columns == 0)
        {
            Title = $"{pair.A}, {pair.B}", Unit = "", HorizontalUnit = "share of iterations in conflict",
        });
        yield return new Figure("comparison-conflict", $"Conflict between terms: {title}", PanelGrid.Rows([.. panels], columns))
        {
            Note = "Share of the measured iterations in which the cosine of the two gradients is below 0. Large marker: mean over seeds.",
        };
    }

    IEnumerable<Figure> Tradeoff()
    {
        var panels = choice.Tradeoffs.Select(pair => Against(pair.Diversity, pair.Quality,
            invert: MetricDirection.HigherIsBetter(pair.Diversity) == false)).ToList<Panel>();
        if (panels.Count > 0)
            yield return new Figure("comparison-tradeoff", $"Quality against diversity: {title}",
                PanelGrid.Rows(panels, PanelGrid.Columns(panels.Count)))
            {
                Legend = Legend,
                Note = "Upper right is better. Line: mean over seeds from the first evaluation (square) to the last (large marker). " +
                    "Rings: seeds at the last evaluation." + SamplesNote,
            };
    }

    IEnumerable<Figure> Sweep(IReadOnlyList<RunLog> runs) =>
        SweepFigures.Of(runs, sweep, choice.All, Titled, title)
            .Select(figure => figure with { Note = figure.Note + SamplesNote });

    ScatterPanel Against(string diversity, string quality, bool invert)
    {
        Coordinates At(double x, double y) => new(invert ? 1 - x : x, y);
        var values = groups.Select(group =>
        {
            // The way through pretraining would stretch the axes and say little: it is a point where iterations are shown.
            var phase = axis.Iterations > 0 ? Phase.Adversarial : Phase.Pretraining;
            var ys = Mean(group, LogNames.Metric + quality, phase).ToDictionary(point => point.Step);
            var path = Mean(group, LogNames.Metric + diversity, phase)
                .Where(point => ys.TryGetValue(point.Step, out var y) && double.IsFinite(point.Mean) && double.IsFinite(y.Mean))
                .Select(point => At(point.Mean, ys[point.Step].Mean)).ToArray();
            var ends = group.Runs
                .Select(run => (X: SummaryTable.Last(run, LogNames.Metric + diversity),
                    Y: SummaryTable.Last(run, LogNames.Metric + quality)))
                .Where(pair => pair.X is not null && pair.Y is not null && double.IsFinite(pair.X.Value) && double.IsFinite(pair.Y.Value))
                .Select(pair => At(pair.X!.Value, pair.Y!.Value)).ToArray();
            return new ScatterValues(group.Look, path, ends);
        });
        return new([.. values])
        {
            Title = $"{quality} against {diversity}",
            Unit = $"{quality}: {MetricFamily.Of(quality).Unit}",
            HorizontalUnit = invert ? $"1 − {diversity}" : $"{diversity}: {MetricFamily.Of(diversity).Unit}",
        };
    }

    static string Titled(string metric)
    {
        var (name, samples) = MetricChoice.Split(metric);
        string[] remarks = [.. (
            (string[])[samples, MetricDirection.HigherIsBetter(metric) switch
            {
                true => "higher is better", false => "lower is better", null => "",
            }])
            .Where(remark => remark.Length > 0)];
        return remarks.Length == 0 ? name : $"{name} ({string.Join("; ", remarks)})";
    }

    /// <summary>Why a group has no value of a metric at its end; "" where it has one, or did not measure it.</summary>
    static string WhyMissing(Group group, string metric) => Ends(group, metric).Count > 0 ? ""
        : LastRows(group, metric).Select(row => row.Missing).FirstOrDefault("");

    static IEnumerable<SummaryRow> LastRows(Group group, string metric) =>
        group.Runs.Select(run => SummaryTable.Last(run, LogNames.Metric + metric)).OfType<SummaryRow>();

    static SeedPoint Ends(Group group, string metric) => SeedAggregate.Of(0, LastRows(group, metric).Select(row => row.Value));

    Curve Level(double value) => new([new([axis.Left, axis.Right], [value, value])]);

    /// <param name="group">The experiment.</param>
    /// <param name="name">A logged name.</param>
    /// <param name="phase">Where it was logged.</param>
    /// <param name="smoothTo">The last step of the grid on which long series are averaged before their mean is taken; 0 for none.</param>
    static IReadOnlyList<SeedPoint> Mean(Group group, string name, Phase phase, double smoothTo = 0) =>
        SeedAggregate.ByStep(group.Runs.Select(run => run.Find(phase, name)).OfType<LogSeries>(), smoothTo);

    static void AddMean(SeriesPanel panel, Group group, string name, Phase phase, double smoothTo = 0)
    {
        var points = Mean(group, name, phase, smoothTo);
        if (points.Count == 0)
            return;
        var xs = points.Select(point => point.Step).ToArray();
        Curve Of(Func<SeedPoint, double> value) => new([new(xs, [.. points.Select(value)])]) { IsAveraged = true };
        panel.Add(Of(point => point.Mean), group.Look);
        if (points.Any(point => point.Count > 1))
            panel.AddSpread(Of(point => point.Low), Of(point => point.High), group.Look);
    }
}
