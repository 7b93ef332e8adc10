namespace TextGan.Reporting;

/// <summary>What one experiment shows in a <see cref="ScatterPanel"/>.</summary>
/// <param name="Look">Its look.</param>
/// <param name="Path">Means over seeds from the first evaluation to the last; empty where there is but one.</param>
/// <param name="Ends">The last values of each seed.</param>
public sealed record ScatterValues(LineLook Look, IReadOnlyList<Coordinates> Path, IReadOnlyList<Coordinates> Ends);

/// <summary>Two metrics against each other: the way of each experiment's mean, its seeds at the end, and their mean.</summary>
public sealed class ScatterPanel(IReadOnlyList<ScatterValues> experiments) : Panel
{
    /// <summary>The horizontal axis's name with its unit.</summary>
    public required string HorizontalUnit { get; init; }

    protected override void Fill(Plot plot, float width, float height)
    {
        foreach (var (look, path, _) in experiments)
        {
            if (path.Count < 2)
                continue;
            Line(plot, [.. path.Select(point => point.X)], [.. path.Select(point => point.Y)], look.Color.WithAlpha(0.7), 1.2f,
                look.Pattern);
        }
        foreach (var (look, _, ends) in experiments)
        {
            if (ends.Count == 0)
                continue;
            if (ends.Count > 1)
                plot.Add.Markers(ends.ToArray(), MarkerShape.OpenCircle, 7, look.Color).MarkerStyle.LineWidth = 1.5f;
            var mean = plot.Add.Marker(ends.Average(end => end.X), ends.Average(end => end.Y), look.Marker == MarkerShape.None
                ? MarkerShape.FilledDiamond : look.Marker, 13, look.Color);
            mean.MarkerStyle.LineWidth = 2.2f;
        }
        // Where the ways begin stands above them, for those that share a start hide each other's.
        foreach (var (look, path, _) in experiments)
            if (path.Count >= 2)
                plot.Add.Marker(path[0], MarkerShape.OpenSquare, 6, Colors.Black);
        plot.Axes.Margins(0.07, 0.09);
        plot.Axes.AutoScale();
        plot.XLabel(HorizontalUnit);
        var limits = plot.Axes.GetLimits();
        plot.Axes.Bottom.TickGenerator = Ticks(limits.Left, limits.Right, width, 56);
        plot.Axes.Left.TickGenerator = Ticks(limits.Bottom, limits.Top, height, 28);
    }
}
