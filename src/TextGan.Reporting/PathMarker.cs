namespace TextGan.Reporting;

/// <summary>
/// A marker of straight lines that looks as ScottPlot draws it. ScottPlot 5 leaves the path of such a marker to the garbage collector,
/// which may free it while Skia reads it; then the process ends. Here it lives until it is drawn.
/// </summary>
public sealed class PathMarker : IMarker
{
    // A triangle's corners lie on a circle of the size over √3, so that its sides have the size.
    const float Corner = (float)(1 / 1.732), Half = (float)(0.866 / 1.732), Low = Corner / 2;

    static readonly Dictionary<MarkerShape, PathMarker> All = new()
    {
        [MarkerShape.FilledTriangleUp] = new(true, [(0, -Corner), (Half, Low), (-Half, Low)]),
        [MarkerShape.OpenTriangleUp] = new(false, [(0, -Corner), (Half, Low), (-Half, Low)]),
        [MarkerShape.FilledTriangleDown] = new(true, [(0, Corner), (Half, -Low), (-Half, -Low)]),
        [MarkerShape.OpenTriangleDown] = new(false, [(0, Corner), (Half, -Low), (-Half, -Low)]),
        [MarkerShape.FilledDiamond] = new(true, [(0.5f, 0), (0, 0.5f), (-0.5f, 0), (0, -0.5f)]),
        [MarkerShape.OpenDiamond] = new(false, [(0.5f, 0), (0, 0.5f), (-0.5f, 0), (0, -0.5f)]),
        [MarkerShape.Cross] = new(false, [(0.5f, 0), (-0.5f, 0)], [(0, 0.5f), (0, -0.5f)]),
    };

    readonly bool isFilled;
    readonly (float X, float Y)[][] lines;

    /// <param name="isFilled">Whether it is an area.</param>
    /// <param name="lines">Corners from the centre, for size 1; a line of more than two is closed.</param>
    PathMarker(bool isFilled, params (float X, float Y)[][] lines) => (this.isFilled, this.lines) = (isFilled, lines);

    /// <summary>Has a marker drawn by this class; circles and squares, which have no path, stay ScottPlot's.</summary>
    public static MarkerStyle Use(MarkerStyle style)
    {
        style.CustomRenderer = style.Shape is MarkerShape.None or MarkerShape.FilledCircle or MarkerShape.OpenCircle
            or MarkerShape.FilledSquare or MarkerShape.OpenSquare ? null : All[style.Shape];
        return style;
    }

    public void Render(SKCanvas canvas, Paint paint, Pixel center, float size, MarkerStyle markerStyle)
    {
        using var path = new SKPath();
        foreach (var line in lines)
            path.AddPoly([.. line.Select(corner => new SKPoint(center.X + corner.X * size, center.Y + corner.Y * size))], line.Length > 2);
        if (isFilled) Drawing.FillPath(canvas, paint, path, markerStyle.FillStyle);
        Drawing.DrawPath(canvas, paint, path, isFilled ? markerStyle.OutlineStyle : markerStyle.LineStyle);
    }
}
