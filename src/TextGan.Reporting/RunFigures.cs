namespace TextGan.Reporting;

/// <summary>Composes the figures of one run from its log.</summary>
public sealed class RunFigures
{
    const int PageOfDiscriminators = 8, PageOfPanels = 9, LinesInPanel = 8;

    /// <summary>What lines of a panel tell of: "{0}" is "accuracy" or "score", "{1}" the same with a capital.</summary>
    static readonly (string Name, string Text, LineLook Look)[] Kinds =
    [
        ("{0}Real", "real text", LineLook.Real), ("{0}Generated", "generated text", LineLook.Generated),
            ("{0}Rejected", "rejected text", LineLook.Rejected),
        ("heldOut{1}Real", "held-out real", LineLook.HeldOutReal),
            ("heldOut{1}Generated", "evaluation's samples", LineLook.HeldOutGenerated),
        ("heldOut{1}Rejected", "held-out rejected", LineLook.HeldOutRejected),
        ("heldOut{1}Pairs", "held-out pairs (95% interval)", LineLook.HeldOutPairs),
        ("training{1}Pairs", "pairs it learns from", LineLook.TrainingPairs),
        ("heldOut{1}BagOfWords", "pairs, by a bag of words", LineLook.BagOfWords),
        ("heldOut{1}Length", "pairs, by length", LineLook.Length),
    ];

    /// <summary>What is drawn around the accuracy on pairs, or seen between its two lines, and their numbers: no curves.</summary>
    static readonly string[] OfPairs = ["/heldOutAccuracyPairsLow", "/heldOutAccuracyPairsHigh", "/heldOutPairs", "/trainingPairs",
        "/gapPairs", "/gapPairsLow", "/gapPairsHigh"];

    static string Named(string kind, string figure) =>
        kind.Replace("{0}", figure).Replace("{1}", char.ToUpperInvariant(figure[0]) + figure[1..]);

    readonly RunLog log;
    readonly string run;
    readonly Dictionary<string, LineLook> looks = [];

    RunFigures(RunLog log)
    {
        this.log = log;
        run = $"{log.Experiment}, seed {log.Seed}";
        // A discriminator and its term look the same in every picture.
        foreach (var name in LogNames.Components(log, LogNames.Term).Concat(LogNames.Components(log, LogNames.Discriminator)).Distinct())
            looks[name] = LineLook.Of(looks.Count);
    }

    /// <summary>All figures that the log has data for.</summary>
    public static IReadOnlyList<Figure> Of(RunLog log)
    {
        var figures = new RunFigures(log.Drawable());
        return [.. figures.Terms(), .. figures.Discriminators(), .. figures.Scores(), .. figures.Metrics(),
            .. ExactFigures.Of(figures.log, figures.run, name => figures.looks.GetValueOrDefault(name) ?? LineLook.Of(0)),
            .. OverOptimization.Figures([new(log.Experiment, [figures.log], LineLook.Of(0))], "over-optimization", figures.run),
            .. figures.Temperature(), .. figures.Pretraining(), .. figures.Policy(), .. figures.Conflict(), .. figures.Optimisation(),
            .. figures.Others()];
    }

    IEnumerable<Figure> Temperature() => TemperatureFigures.Of("temperature", run,
        [.. new[] { SweptModel.Of(log, Phase.Pretraining, "after pretraining", LineLook.Of(0)),
            SweptModel.Of(log, Phase.Adversarial, "after adversarial training", LineLook.Of(1)) }.OfType<SweptModel>()])
        .Select(Finish);

    IEnumerable<Figure> Terms()
    {
        var axis = new StepAxis(log.LastStep(Phase.Adversarial));
        var names = LogNames.Components(log, LogNames.Term);
        SeriesPanel PanelOf(string title, string unit, string suffix)
        {
            var panel = new SeriesPanel(axis) { Title = title, Unit = unit };
            foreach (var name in names)
                panel.Add(log, $"{LogNames.Term}{name}/{suffix}", looks[name], null, Phase.Adversarial);
            return panel;
        }
        var raw = PanelOf("Raw terms", "term", "raw");
        var weighted = PanelOf("Weighted terms and their sum, which the generator minimises", "weight × term", "weighted");
        weighted.Add(log, "total", LineLook.Strong, "total", Phase.Adversarial);
        var weights = PanelOf("Weights", "weight", "weight");
        // Fixed weights need no picture.
        var vary = weights.Curves.Any(curve => curve.Parts.Any(part => part.Values.Any(value => value != part.Values[0])));
        FigureRow[] rows = [new([raw]), new([weighted]), .. vary ? new FigureRow[] { new([weights]) { Weight = 0.75 } } : []];
        rows = [.. rows.Where(row => ((SeriesPanel)row.Panels[0]).Curves.Count > 0)];
        if (rows.Length > 0)
        {
            Mark(weighted, axis);
            yield return Finish(new Figure("terms", $"Generator terms: {run}", rows) { Legend = Named(names) });
        }
    }

    IEnumerable<Figure> Discriminators()
    {
        var axis = AxisFor(Phase.DiscriminatorPretraining, LogNames.Discriminator);
        var names = LogNames.Components(log, LogNames.Discriminator);
        var pages = names.Chunk(PageOfDiscriminators).ToArray();
        for (var page = 0; page < pages.Length; page++)
        {
            var loss = new SeriesPanel(axis) { Title = "Loss of each discriminator", Unit = "loss" };
            foreach (var name in pages[page])
                loss.Add(
                    log, $"{LogNames.Discriminator}{name}/loss", looks[name], name, Phase.DiscriminatorPretraining, Phase.Adversarial);
            var accuracies = OfEach(pages[page], axis, "accuracy", name => $"Accuracy: {name}", "share judged right", VerticalScale.Share);
            foreach (var panel in accuracies)
                panel.AddReference(0.5, LineLook.Strong);
            var columns = accuracies.Count <= 4 ? Math.Max(1, accuracies.Count) : (accuracies.Count + 1) / 2;
            var rows = PanelGrid.Rows(accuracies, columns).ToArray();
            if (rows.Length > 0)
                rows[0] = rows[0] with { Legend = KindsIn(pages[page], "accuracy"), Weight = rows[0].Weight * 1.08 };
            Mark(loss, axis);
            if (loss.Curves.Count > 0)
                rows = [new([loss]) { Weight = rows.Length > 1 ? 1.05 : 0.9 }, .. rows];
            if (rows.Length > 0)
                yield return Finish(new Figure(PanelGrid.Paged("discriminators", page), $"Discriminators: {run}", rows));
        }
    }

    IEnumerable<Figure> Scores()
    {
        var axis = AxisFor(Phase.DiscriminatorPretraining, LogNames.Discriminator);
        var pages = LogNames.Components(log, LogNames.Discriminator).Chunk(PageOfDiscriminators).ToArray();
        for (var page = 0; page < pages.Length; page++)
        {
            var panels = OfEach(pages[page], axis, "score", name => $"Score: {name}", "mean logit", VerticalScale.Automatic);
            if (panels.Count > 0)
                yield return Finish(new Figure(PanelGrid.Paged("scores", page), $"Discriminator scores: {run}",
                    PanelGrid.Rows(panels, PanelGrid.Columns(panels.Count))) { Legend = KindsIn(pages[page], "score") });
        }
    }

    IEnumerable<Figure> Metrics()
    {
        var axis = new StepAxis(log.HasAdversarialPhase ? log.LastStep(Phase.Adversarial)
            : 0, Phase.Pretraining, log.LastStep(Phase.Pretraining));
        var panels = new List<Panel>();
        foreach (var family in LogNames.Metrics([log]).GroupBy(MetricFamily.Of).OrderBy(family => family.Key.Order))
            foreach (var lines in family.Chunk(LinesInPanel))
            {
                int[] counts = [.. lines.Select(name => log.Samples.GetValueOrDefault(LogNames.Metric + name)).Distinct()];
                var title = counts is [> 0] ? $"{family.Key.Title} ({counts[0]:N0} samples)" : family.Key.Title;
                var panel = new SeriesPanel(axis) { Title = title, Unit = family.Key.Unit, Scale = family.Key.IsShare ? VerticalScale.Share
                    : VerticalScale.Automatic, IsSmall = true };
                foreach (var name in lines)
                    if (CurveOf(name) is { } curve && (curve.HasValues || !log.Missing.ContainsKey(LogNames.Metric + name)))
                    {
                        var look = LineLook.Of(panel.Legend.Count);
                        if (IntervalOf(name, curve) is var (low, high)) panel.AddSpread(low, high, look);
                        panel.Add(curve, look, name);
                    }
                panel.Remarks = [.. lines.Where(name => log.Missing.ContainsKey(LogNames.Metric + name))
                    .Select(name => $"{name}: {log.Missing[LogNames.Metric + name]}")];
                if (lines.Contains(UnknownTokens.Metric)) AddUnknownInData(panel);
                panels.Add(panel);
            }
        return PanelGrid.Pages("metrics", $"Metrics of samples: {run}", panels, PageOfPanels, Finish);

        Curve? CurveOf(string name) => axis.Curve(log, LogNames.Metric + name, Phase.Pretraining, Phase.Adversarial);

        // The 95% interval that was logged, or that of the standard error; null where neither was.
        (Curve Low, Curve High)? IntervalOf(string name, Curve value)
        {
            if ((CurveOf(name + "-low"), CurveOf(name + "-high")) is ({ } low, { } high)) return (low, high);
            return CurveOf(name + "-error") is { } error ? (value.Plus(error, -1.96), value.Plus(error, 1.96)) : null;
        }
    }

    /// <summary>Level lines for the share of unknown tokens in the training texts of each data set that has some.</summary>
    void AddUnknownInData(SeriesPanel panel)
    {
        foreach (var (set, share) in log.UnknownInData.Where(one => one.Share > 0).Take(LinesInPanel - 1))
        {
            var look = LineLook.Of(panel.Legend.Count) with { Marker = MarkerShape.None };
            panel.AddReference(share, look);
            panel.Legend.Add(new(Label.Clean($"text of '{set}'"), look));
        }
    }

    IEnumerable<Figure> Pretraining()
    {
        var axis = new StepAxis(0, Phase.Pretraining, log.LastStep(Phase.Pretraining));
        var panel = new SeriesPanel(axis) { Title = "Maximum likelihood", Unit = "loss in nats per token" };
        panel.Add(log, "generator/loss", LineLook.Real, "training text", Phase.Pretraining);
        panel.Add(log, "generator/heldOutLoss", LineLook.Of(4), "held-out text", Phase.Pretraining);
        Mark(panel, axis);
        if (panel.Curves.Count > 0)
            yield return Finish(new Figure("pretraining", $"Pretraining: {run}", [new([panel])]));
    }

    /// <summary>What a policy gradient does to texts and to the generator's distribution; a panel for each value that was logged.</summary>
    IEnumerable<Figure> Policy()
    {
        var axis = new StepAxis(log.LastStep(Phase.Adversarial));
        var panels = new List<Panel>();
        foreach (var (title, unit, scale, lines) in PolicyPanels.All)
        {
            var panel = new SeriesPanel(axis) { Title = title, Unit = unit, Scale = scale, IsSmall = true };
            foreach (var (name, label) in PolicyPanels.LinesOf(lines, LogNames.Components(log, LogNames.Critic)))
                panel.Add(log, name, looks.GetValueOrDefault(label ?? "") ?? LineLook.Of(panel.Curves.Count), label, Phase.Adversarial);
            if (panel.Curves.Count > 0) panels.Add(panel);
        }
        return PanelGrid.Pages("policy", $"Policy and texts: {run}", panels, PageOfPanels, Finish);
    }

    /// <summary>
    /// Cosines and shares of iterations in conflict as matrices, with those of each term with itself over halves of the batch on the
    /// diagonal, and over time.
    /// </summary>
    IEnumerable<Figure> Conflict()
    {
        var conflict = new TermConflicts(log);
        if (conflict.Terms.Count == 0) yield break;
        var axis = new StepAxis(log.LastStep(Phase.Adversarial));
        SeriesPanel PanelOf(string title, string unit, VerticalScale scale = VerticalScale.Automatic) =>
            new(axis) { Title = title, Unit = unit, Scale = scale, IsSmall = true };
        var legend = new List<LegendEntry>();
        var (itself, parts) = (PanelOf("Each term with itself over two halves of a batch", "cosine"),
            PanelOf("Share of the step", "share"));
        foreach (var (k, name) in conflict.Terms.Take(LinesInPanel).Index())
        {
            var look = looks.GetValueOrDefault(name) ?? LineLook.Of(k);
            legend.Add(new(name, look));
            if (conflict.Cosines(k, k) is { } halves) itself.Add(new Curve([halves]), look);
            parts.Add(log, $"{LogNames.Conflict}{name}/share", look, null, Phase.Adversarial);
        }
        // The pairs that oppose each other most, where there are more than a panel has room for.
        var pairs = conflict.Pairs.OrderBy(pair => conflict.MeanCosine(pair.A, pair.B)).Take(LinesInPanel).Order().ToArray();
        var most = pairs.Length < conflict.Pairs.Count ? $" (the {pairs.Length} lowest)" : "";
        var (cosines, shares) = (PanelOf("Cosine of each pair" + most, "cosine"),
            PanelOf("Share of iterations in conflict so far" + most, "share", VerticalScale.Share));
        foreach (var (k, (a, b)) in pairs.Index())
        {
            var look = LineLook.Of(looks.Count + k); // other than those of terms
            legend.Add(new($"{Label.Elide(conflict.Terms[a], 14)}, {Label.Elide(conflict.Terms[b], 14)}", look));
            cosines.Add(new Curve([conflict.Cosines(a, b)!]), look);
            shares.Add(new Curve([conflict.ShareSoFar(a, b)!]) { IsAveraged = true }, look);
        }
        var noise = SeedAggregate.ByStep(
            Enumerable.Range(0, conflict.Terms.Count).Select(k => conflict.Cosines(k, k)).OfType<LogSeries>());
        if (noise.Count > 0)
        {
            legend.Add(new("a term with itself, mean", LineLook.Strong));
            cosines.Add(new Curve([new([.. noise.Select(point => point.Step)], [.. noise.Select(point => point.Mean)])]), LineLook.Strong);
        }
        foreach (var panel in (SeriesPanel[])[cosines, itself, parts]) panel.AddReference(0, LineLook.Strong);
        string[] names = [.. conflict.Terms];
        MatrixPanel MatrixOf(string title, bool isShare, Func<int, int, double> value) => new(names, value)
        {
            Title = title, Unit = "", IsShare = isShare, ShowNames = !isShare,
            HorizontalUnit = "diagonal: with itself, two halves of a batch",
        };
        yield return Finish(new Figure("conflict", $"Conflict between the gradients of terms: {run}",
        [
            new([MatrixOf("Mean cosine", false, conflict.MeanCosine), MatrixOf("Iterations with a cosine below 0", true, conflict.Share),
                shares]) { Weight = 1.15 },
            new([cosines, itself, parts]),
        ]) { Legend = legend });
    }

    IEnumerable<Figure> Optimisation()
    {
        var axis = AxisFor(Phase.Pretraining, "generator/gradientNorm", "tokensPerSecond");
        var rows = new List<FigureRow>();
        void Add(string name, string title, string unit, bool mayBeLogarithmic)
        {
            if (axis.Curve(log, name, Phase.Pretraining, Phase.Adversarial) is not { } curve)
                return;
            var positive = curve.Parts.SelectMany(part => part.Values).Where(value => value > 0 && double.IsFinite(value)).ToArray();
            var wide = mayBeLogarithmic && positive.Length > 0 && positive.Max() > 50 * positive.Min();
            var panel = new SeriesPanel(axis) { Title = title, Unit = wide ? unit + ", log scale" : unit, Scale = wide
                ? VerticalScale.Logarithmic : VerticalScale.Automatic };
            panel.Add(curve, LineLook.Of(0));
            if (rows.Count == 0) Mark(panel, axis);
            rows.Add(new([panel]));
        }
        Add("generator/gradientNorm", "Norm of the generator's gradient before clipping", "norm", true);
        Add("temperature", "Temperature of the relaxation", "temperature", false);
        Add("tokensPerSecond", "Speed", "tokens per second", false);
        if (rows.Count > 0)
            yield return Finish(new Figure("optimisation", $"Optimisation: {run}", rows));
    }

    /// <summary>What the pictures above do not show: values of plug-ins and of components that log more.</summary>
    IEnumerable<Figure> Others()
    {
        string[] shown = ["total", "generator/loss", "generator/heldOutLoss", "generator/gradientNorm", "temperature", "tokensPerSecond"];
        string[] ends = ["/raw", "/weight", "/weighted", "/loss", .. OfPairs,
            .. from kind in Kinds from figure in (string[])["accuracy", "score"] select "/" + Named(kind.Name, figure)];
        var names = log.Names
            .Where(name => !shown.Contains(name) && !PolicyPanels.Shows(name)
                && !name.StartsWith(LogNames.Metric, StringComparison.Ordinal)
                && !name.StartsWith(LogNames.Conflict, StringComparison.Ordinal))
            .Where(name => !(name.StartsWith(LogNames.Term, StringComparison.Ordinal)
                || name.StartsWith(LogNames.Discriminator, StringComparison.Ordinal)) || !ends.Any(name.EndsWith));
        var panels = new List<Panel>();
        foreach (var group in names.GroupBy(name => LogNames.Split(name).Group))
        {
            var axis = AxisFor(Phase.Pretraining, [.. group]);
            foreach (var lines in group.Chunk(LinesInPanel))
            {
                var panel = new SeriesPanel(axis) { Title = group.Key, Unit = "value", IsSmall = true };
                foreach (var name in lines)
                {
                    var (_, member) = LogNames.Split(name);
                    panel.Add(log, name, looks.GetValueOrDefault(member) ?? LineLook.Of(panel.Curves.Count),
                        member == name ? null : member, Phase.Pretraining, Phase.Adversarial);
                }
                if (panel.Curves.Count > 0)
                    panels.Add(panel);
            }
        }
        return PanelGrid.Pages("other", $"Further values: {run}", panels, PageOfPanels, Finish);
    }

    /// <summary>A panel for each discriminator with lines for real, generated and rejected text.</summary>
    List<SeriesPanel> OfEach(string[] names, StepAxis axis, string prefix, Func<string, string> title, string unit, VerticalScale scale)
    {
        var panels = new List<SeriesPanel>();
        foreach (var name in names)
        {
            var panel = new SeriesPanel(axis) { Title = title(name), Unit = unit, Scale = scale, IsSmall = names.Length > 1 };
            foreach (var (kind, _, look) in Kinds)
                panel.Add(log, $"{LogNames.Discriminator}{name}/{Named(kind, prefix)}", look, null,
                    Phase.DiscriminatorPretraining, Phase.Adversarial);
            var pairs = $"{LogNames.Discriminator}{name}/heldOutAccuracyPairs";
            if (prefix == "accuracy" && axis.Curve(log, pairs + "Low", Phase.Adversarial) is { } low
                && axis.Curve(log, pairs + "High", Phase.Adversarial) is { } high)
                panel.AddSpread(low, high, LineLook.HeldOutPairs);
            if (panel.Curves.Count > 0)
                panels.Add(panel);
        }
        return panels;
    }

    LegendEntry[] KindsIn(string[] names, string prefix) =>
    [
        .. Kinds.Where(kind => names.Any(name => log.Names.Contains($"{LogNames.Discriminator}{name}/{Named(kind.Name, prefix)}")))
            .Select(kind => new LegendEntry(kind.Text, kind.Look)),
    ];

    /// <summary>Marks what guards found in the phases that the axis shows.</summary>
    void Mark(SeriesPanel panel, StepAxis axis)
    {
        foreach (var found in log.Events)
            if (found.Phase == Phase.Adversarial ? axis.Iterations > 0 : found.Phase == axis.Earlier && axis.Updates > 0)
                panel.AddMark(axis.X(found.Phase, found.Step), found.Text);
    }

    /// <summary>An axis with a band for an earlier phase where that phase logged one of the names (or starts of names).</summary>
    StepAxis AxisFor(Phase earlier, params string[] starts)
    {
        var logged = log.Names.Any(name => starts.Any(start => name.StartsWith(start, StringComparison.Ordinal))
            && log.Find(earlier, name) is not null);
        return new(log.HasAdversarialPhase ? log.LastStep(Phase.Adversarial) : 0, earlier, logged ? log.LastStep(earlier) : 0);
    }

    LegendEntry[] Named(IEnumerable<string> names) => [.. names.Select(name => new LegendEntry(name, looks[name]))];

    static Figure Finish(Figure figure)
    {
        Curve[] curves = [.. figure.Rows.SelectMany(row => row.Panels).OfType<SeriesPanel>().SelectMany(panel => panel.Curves)];
        var notes = new List<string>();
        if (figure.Rows.SelectMany(row => row.Panels).OfType<SeriesPanel>().Any(panel => panel.HasSpread))
            notes.Add("Bands: 95% intervals.");
        if (curves.Any(curve => curve.Parts.Any(part => part.Values.Any(value => Math.Abs(value) == RunLog.LargestDrawn))))
            notes.Add(ClippedNote);
        if (curves.Any(curve => curve.IsDense))
            notes.Add("Thin and pale: every logged step. Strong: moving average over a fiftieth of the steps, extremes left out. " +
                "Triangle at an edge: a spike beyond it.");
        return notes.Count == 0 ? figure : figure with { Note = string.Join(' ', notes) };
    }

    /// <summary>What a figure says that holds clipped values.</summary>
    public const string ClippedNote = "Values beyond ±1e100 are drawn there.";
}
