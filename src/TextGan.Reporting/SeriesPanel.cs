using ScottPlot.TickGenerators;

namespace TextGan.Reporting;

/// <summary>How a vertical axis is scaled.</summary>
public enum VerticalScale
{
    /// <summary>From the data, rare spikes far outside cut off and marked.</summary>
    Automatic,

    /// <summary>0 to 1.</summary>
    Share,

    /// <summary>Powers of ten; values of 0 or less make gaps.</summary>
    Logarithmic,
}

/// <summary>Lines over steps.</summary>
public sealed class SeriesPanel(StepAxis axis) : Panel
{
    static readonly Color BandColor = Color.FromHex("#EFEFEF");
    static readonly Color BorderColor = Color.FromHex("#909090");

    readonly List<(Curve Curve, LineLook Look)> lines = [];
    readonly List<(Curve Low, Curve High, LineLook Look)> spreads = [];
    readonly List<(double Value, LineLook Look)> references = [];
    readonly List<(double X, string Text)> marks = [];

    public VerticalScale Scale { get; init; }

    /// <summary>Whether the panel is one of many and has room for short words only.</summary>
    public bool IsSmall { get; init; }

    /// <summary>The curves that were added.</summary>
    public IReadOnlyList<Curve> Curves => [.. lines.Select(line => line.Curve)];

    /// <summary>Whether anything is filled between two curves.</summary>
    public bool HasSpread => spreads.Count > 0;

    /// <summary>Adds a line; dense ones are drawn thin and pale with their moving average above.</summary>
    /// <param name="curve">The line.</param>
    /// <param name="look">Its look.</param>
    /// <param name="name">Its name in this panel's legend; null for none.</param>
    public void Add(Curve curve, LineLook look, string? name = null)
    {
        lines.Add((curve, look));
        if (name is not null) Legend.Add(new(Label.Clean(name), look));
    }

    /// <summary>Adds what a run logged under a key in these phases, if anything.</summary>
    public void Add(RunLog log, string key, LineLook look, string? name, params ReadOnlySpan<Phase> phases)
    {
        if (axis.Curve(log, key, phases) is { } curve) Add(curve, look, name);
    }

    /// <summary>Fills between two curves that have their gaps at the same places.</summary>
    public void AddSpread(Curve low, Curve high, LineLook look) => spreads.Add((low, high, look));

    /// <summary>A level line across the panel.</summary>
    public void AddReference(double value, LineLook look) => references.Add((value, look));

    /// <summary>An upright line with a word at its top, for an event at a place of the axis.</summary>
    public void AddMark(double x, string text) => marks.Add((x, Label.Elide(Label.Clean(text), 30)));

    protected override void Fill(Plot plot, float width, float height)
    {
        if (axis.HasBand)
        {
            var band = plot.Add.HorizontalSpan(axis.Left, 0, BandColor);
            band.LineStyle.Width = 0;
            plot.Add.VerticalLine(0, 1, BorderColor);
        }
        var prepared = lines.Select(line => Prepare(line.Curve, line.Look, (int)width)).ToArray();
        var (bottom, top) = Limits(prepared);
        foreach (var (low, high, look) in spreads)
            DrawSpread(plot, low.Thin((int)width), high.Thin((int)width), look);
        // The more lines lie over each other, the paler each.
        var pale = Math.Clamp(1.0 / (1 + prepared.Length), 0.14, 0.3);
        foreach (var line in prepared)
            foreach (var stretch in line.Raw)
                Line(plot, stretch.Xs, stretch.Ys, line.Look.Color.WithAlpha(pale), 1);
        foreach (var (value, look) in references)
        {
            var level = Scaled(value);
            Line(plot, [axis.Left, axis.Right], [level, level], look.Color, look == LineLook.Strong ? 1 : 2, look == LineLook.Strong
                ? new([2, 3], 0, "dots") : look.Pattern);
        }
        var markers = Math.Clamp((int)(width / 100), 4, 10);
        for (var i = 0; i < prepared.Length; i++)
            DrawStrong(plot, prepared[i], markers, i, prepared.Length);
        DrawOffScale(plot, prepared, bottom, top);
        DrawMarks(plot, bottom, top, height);

        var pad = (axis.Right - axis.Left) * 0.012;
        plot.Axes.SetLimits(axis.Left - pad, axis.Right + pad, bottom, top);
        plot.XLabel(IsSmall ? axis.ShortText : axis.Text);
        var (positions, labels) = axis.Ticks((int)(width / 52));
        plot.Axes.Bottom.TickGenerator = new NumericManual(positions, labels);
        plot.Axes.Left.TickGenerator = Scale == VerticalScale.Logarithmic
            ? LogarithmicTicks(bottom, top)
            : Ticks(bottom, top, height, 28);
    }

    sealed record Prepared(LineLook Look, IReadOnlyList<Stretch> Raw, IReadOnlyList<Stretch> Strong);

    Prepared Prepare(Curve curve, LineLook look, int width)
    {
        if (Scale == VerticalScale.Logarithmic)
            curve = new([.. curve.Parts.Select(part => part with { Values = Scaled(part.Values) })]);
        return curve.IsDense
            ? new(look, curve.Thin(Math.Max(1, width / 2)), curve.Smooth().Thin(width))
            : new(look, [], curve.Thin(width));
    }

    double Scaled(double value) => Scale != VerticalScale.Logarithmic ? value : value > 0 ? Math.Log10(value) : double.NaN;

    double[] Scaled(IReadOnlyList<double> values) => [.. values.Select(Scaled)];

    static void DrawSpread(Plot plot, IReadOnlyList<Stretch> lows, IReadOnlyList<Stretch> highs, LineLook look)
    {
        foreach (var (low, high) in lows.Zip(highs))
        {
            IEnumerable<Coordinates> Points(Stretch stretch) => stretch.Xs.Zip(stretch.Ys, (x, y) => new Coordinates(x, y));
            var area = plot.Add.Polygon(Points(low).Concat(Points(high).Reverse()).ToArray());
            area.FillColor = look.Color.WithAlpha(0.13);
            area.LineStyle.Width = 0;
            foreach (var edge in new[] { low, high })
                Line(plot, edge.Xs, edge.Ys, look.Color.WithAlpha(0.45), 1);
        }
    }

    static void DrawStrong(Plot plot, Prepared line, int markers, int index, int count)
    {
        var (xs, ys) = (new List<double>(), new List<double>());
        foreach (var stretch in line.Strong)
        {
            // A white edge lifts the line off what lies below it.
            if (line.Raw.Count > 0)
                Line(plot, stretch.Xs, stretch.Ys, Colors.White.WithAlpha(0.75), 4.5f);
            Line(plot, stretch.Xs, stretch.Ys, line.Look.Color, line.Look == LineLook.Strong ? 2.6f : 2, line.Look.Pattern);
            xs.AddRange(stretch.Xs);
            ys.AddRange(stretch.Ys);
        }
        if (xs.Count == 0)
            return;
        // A point alone between gaps has no line: only its marker shows it, so few points have one each; else a handful along
        // the line, those of each line at places of its own.
        var every = xs.Count <= 24 ? 1 : Math.Max(1, xs.Count / markers);
        var from = every == 1 ? 0 : every * (2 * index + 1) / (2 * count);
        var chosen = Enumerable.Range(0, xs.Count).Where(i => i % every == from % every).ToArray();
        var shape = line.Look.Marker == MarkerShape.None ? MarkerShape.FilledCircle : line.Look.Marker;
        if (line.Look.Marker == MarkerShape.None && xs.Count > 1)
            return;
        var drawn = plot.Add.Markers(chosen.Select(i => xs[i]).ToArray(), chosen.Select(i => ys[i]).ToArray(), shape, 8, line.Look.Color);
        drawn.MarkerStyle.LineWidth = 1.8f;
    }

    (double Bottom, double Top) Limits(IReadOnlyList<Prepared> prepared)
    {
        if (Scale == VerticalScale.Share)
            return (-0.03, 1.03);
        var strong = prepared.SelectMany(line => line.Strong).SelectMany(stretch => stretch.Ys)
            .Concat(spreads.SelectMany(spread => spread.Low.Parts.Concat(spread.High.Parts)).SelectMany(part => part.Values))
            .Concat(references.Select(reference => Scaled(reference.Value)))
            .Where(double.IsFinite).ToArray();
        if (strong.Length == 0)
            return (0, 1);
        var (low, high) = (strong.Min(), strong.Max());
        var raw = prepared.SelectMany(line => line.Raw).SelectMany(stretch => stretch.Ys).ToArray();
        if (raw.Length > 0)
        {
            Array.Sort(raw);
            // What all but one point in a hundred at either end, or all averages, span is the axis, unless the rest is near.
            var (from, to) = (Math.Min(low, raw[raw.Length / 100]), Math.Max(high, raw[raw.Length - 1 - raw.Length / 100]));
            var span = Math.Max(to - from, 1e-12);
            low = from - raw[0] > 3 * span ? from - span / 2 : Math.Min(from, raw[0]);
            high = raw[^1] - to > 3 * span ? to + span / 2 : Math.Max(to, raw[^1]);
        }
        var room = high > low ? 0.06 * (high - low) : Math.Max(Math.Abs(high) * 0.1, 0.1);
        return (low - room, high + room);
    }

    /// <summary>Spikes outside the axis stay visible: a triangle at the edge, and the greatest has its value beside it.</summary>
    void DrawOffScale(Plot plot, IReadOnlyList<Prepared> prepared, double bottom, double top)
    {
        foreach (var up in new[] { true, false })
        {
            var edge = up ? top - (top - bottom) * 0.03 : bottom + (top - bottom) * 0.03;
            (double X, double Y)? extreme = null;
            foreach (var line in prepared)
            {
                var points = line.Raw.Count > 0 ? line.Raw : line.Strong;
                var outside = points.SelectMany(stretch => stretch.Xs.Zip(stretch.Ys))
                    .Where(point => up ? point.Second > top : point.Second < bottom).ToArray();
                if (outside.Length == 0)
                    continue;
                plot.Add.Markers(outside.Select(point => point.First).ToArray(), outside.Select(_ => edge).ToArray(), up
                    ? MarkerShape.FilledTriangleUp : MarkerShape.FilledTriangleDown, 9, line.Look.Color);
                var furthest = up ? outside.MaxBy(point => point.Second) : outside.MinBy(point => point.Second);
                if (extreme is not { } known || (up ? furthest.Second > known.Y : furthest.Second < known.Y))
                    extreme = furthest;
            }
            if (extreme is not { } far)
                continue;
            var toRight = far.X < (axis.Left + axis.Right) / 2;
            Write(plot, NumberText.Significant(Scale == VerticalScale.Logarithmic ? Math.Pow(10, far.Y) : far.Y), far.X, edge,
                toRight ? Alignment.MiddleLeft : Alignment.MiddleRight, toRight ? 9 : -9, up ? 4 : -4);
        }
    }

    void DrawMarks(Plot plot, double bottom, double top, float height)
    {
        for (var i = 0; i < marks.Count; i++)
        {
            var (x, word) = marks[i];
            Line(plot, [x, x], [bottom, top], BorderColor, 1.2f, new([4, 3], 0, "short dashes"));
            var right = x > axis.Left + 0.8 * (axis.Right - axis.Left);
            // Marks that follow each other closely take turns in height.
            Write(plot, word, x, top, right ? Alignment.UpperRight : Alignment.UpperLeft, right ? -4 : 4,
                2 + i % Math.Max(1, Math.Min(3, (int)(height / 50))) * (FontSize + 3), Color.FromHex("#404040"));
        }
    }
}
