namespace TextGan.Reporting;

/// <summary>
/// Two metrics against each other: experiments that none dominates in this plane in their colours, joined as the border of what they
/// dominate, the others grey.
/// </summary>
/// <param name="front">The experiments.</param>
/// <param name="horizontal">The index of the horizontal metric.</param>
/// <param name="vertical">The index of the vertical one.</param>
/// <param name="withNames">Whether names stand beside the markers.</param>
public sealed class FrontPanel(ParetoFront front, int horizontal, int vertical, bool withNames) : Panel
{
    const float NameSize = 11, LineHeight = 15, FarName = 20;
    const int LongestName = 24;

    /// <summary>Of experiments that another one dominates.</summary>
    public static Color Grey { get; } = Color.FromHex("#A6A6A6");

    static readonly Color Ink = Color.FromHex("#404040"), Faint = Color.FromHex("#808080");

    /// <summary>The experiments that none dominates in this plane, from the left.</summary>
    public IReadOnlyList<FrontPoint> Members { get; } =
    [
        .. front.Points.Where(point => !front.Dominating(point, [horizontal, vertical]).Any())
            .OrderBy(point => point.Values[horizontal].Mean).ThenBy(point => point.Values[vertical].Mean),
    ];

    /// <summary>
    /// The border of what the members dominate above the reference point, from it and back to it: corners where one metric changes.
    /// </summary>
    public IReadOnlyList<(double X, double Y)> Border
    {
        get
        {
            var (worstX, worstY) = (front.Reference[horizontal], front.Reference[vertical]);
            // From the best of the vertical metric to the best of the horizontal one.
            var (corners, metric) = (new List<(double X, double Y)>(), front.Metrics[horizontal]);
            foreach (var (x, y) in Members.Select(At).OrderBy(at => metric.Gain(at.X)))
            {
                corners.Add((corners.Count == 0 ? worstX : corners[^1].X, y));
                corners.Add((x, y));
            }
            return [.. corners, (corners[^1].X, worstY)];
        }
    }

    (double X, double Y) At(FrontPoint point) => (point.Values[horizontal].Mean, point.Values[vertical].Mean);

    protected override void Fill(Plot plot, float width, float height)
    {
        Line(plot, [.. Border.Select(at => at.X)], [.. Border.Select(at => at.Y)], Ink, 1.4f);
        // Members stand above those that they dominate.
        foreach (var point in front.Points.Except(Members).Concat(Members))
        {
            var (x, y) = (point.Values[horizontal], point.Values[vertical]);
            var color = Members.Contains(point) ? point.Look.Color : Grey;
            if (x.High > x.Low) Line(plot, [x.Low, x.High], [y.Mean, y.Mean], color.WithAlpha(0.6), 1.4f);
            if (y.High > y.Low) Line(plot, [x.Mean, x.Mean], [y.Low, y.High], color.WithAlpha(0.6), 1.4f);
            plot.Add.Marker(x.Mean, y.Mean, point.Look.Marker, 11, color).MarkerStyle.LineWidth = 2;
        }
        plot.Add.Marker(front.Reference[horizontal], front.Reference[vertical], MarkerShape.Cross, 10, Ink).MarkerStyle.LineWidth = 1.6f;
        plot.Axes.Margins(0.08, 0.1);
        plot.Axes.AutoScale();
        plot.XLabel(front.Metrics[horizontal].Titled);
        var limits = plot.Axes.GetLimits();
        plot.Axes.Bottom.TickGenerator = Ticks(limits.Left, limits.Right, width, 56);
        plot.Axes.Left.TickGenerator = Ticks(limits.Bottom, limits.Top, height, 28);
        if (withNames) Name(plot, limits, width, height);
    }

    void Name(Plot plot, AxisLimits limits, float width, float height)
    {
        using var font = PlotFont.Of(NameSize);
        string[] names = [.. front.Points.Select(point => Label.Elide(Label.Clean(point.Label), LongestName))];
        SKPoint[] places = [.. front.Points.Select(At).Select(Pixel)];
        var spans = front.Points.Select(point => (X: point.Values[horizontal], Y: point.Values[vertical])).SelectMany(at => (SKRect[])[
            Span((at.X.Low, at.Y.Mean), (at.X.High, at.Y.Mean)), Span((at.X.Mean, at.Y.Low), (at.X.Mean, at.Y.High))]);
        var boxes = LabelPlaces.Of(places, [.. names.Select(name => new SKSize(font.MeasureText(name) + 4, LineHeight))], width, height,
            [.. Border.Zip(Border.Skip(1), Span), .. spans]);
        foreach (var (i, box) in boxes.Index())
        {
            var (color, near) = (Members.Contains(front.Points[i]) ? Ink : Faint,
                new SKPoint(Math.Clamp(places[i].X, box.Left, box.Right), Math.Clamp(places[i].Y, box.Top, box.Bottom)));
            if (SKPoint.Distance(near, places[i]) > FarName)
                Line(plot, [At(front.Points[i]).X, X(near.X)], [At(front.Points[i]).Y, Y(near.Y)], Faint, 0.8f);
            var text = plot.Add.Text(names[i], X(box.Left + 2), Y(box.MidY));
            (text.LabelAlignment, text.LabelFontSize, text.LabelFontColor, text.OffsetY) = (Alignment.MiddleLeft, NameSize, color, 3);
        }

        // A line as wide as it is drawn.
        SKRect Span((double X, double Y) from, (double X, double Y) to)
        {
            var (one, other) = (Pixel(from), Pixel(to));
            var span = new SKRect(one.X, one.Y, other.X, other.Y).Standardized;
            span.Inflate(1, 1);
            return span;
        }

        SKPoint Pixel((double X, double Y) at) => new((float)((at.X - limits.Left) / (limits.Right - limits.Left) * width),
            (float)((limits.Top - at.Y) / (limits.Top - limits.Bottom) * height));
        double X(float pixel) => limits.Left + pixel / width * (limits.Right - limits.Left);
        double Y(float pixel) => limits.Top - pixel / height * (limits.Top - limits.Bottom);
    }
}
