namespace TextGan.Reporting;

/// <summary>What an <see cref="AgainstPanel"/> shows of one series.</summary>
/// <param name="Look">Its look.</param>
/// <param name="Points">What is against what it should be, with a deviation up and down (0 or NaN: none).</param>
public sealed record AgainstLine(LineLook Look, IReadOnlyList<(double Should, double Is, double Deviation)> Points);

/// <summary>Values against what they should be: on the diagonal they are right.</summary>
public sealed class AgainstPanel(IReadOnlyList<AgainstLine> lines) : Panel
{
    /// <summary>The horizontal axis's name with its unit.</summary>
    public required string HorizontalUnit { get; init; }

    public IReadOnlyList<AgainstLine> Lines => lines;

    protected override void Fill(Plot plot, float width, float height)
    {
        double[] known = [.. lines.SelectMany(line => line.Points).Select(point => point.Should)];
        double[] ends = [known.Min(), known.Max()];
        Line(plot, ends, ends, Colors.Black, 1.2f, LinePattern.Dashed);
        foreach (var (look, points) in lines)
        {
            double[] xs = [.. points.Select(point => point.Should)], ys = [.. points.Select(point => point.Is)];
            foreach (var (x, y, deviation) in points.Where(point => point.Deviation > 0))
                Line(plot, [x, x], [y - deviation, y + deviation], look.Color.WithAlpha(0.55), 2);
            Line(plot, xs, ys, look.Color, 1.5f, look.Pattern);
            plot.Add.Markers(xs, ys, look.Marker, 8, look.Color).MarkerStyle.LineWidth = 1.8f;
        }
        plot.Axes.Margins(0.07, 0.09);
        plot.Axes.AutoScale();
        plot.XLabel(HorizontalUnit);
        var limits = plot.Axes.GetLimits();
        plot.Axes.Bottom.TickGenerator = Ticks(limits.Left, limits.Right, width, 56);
        plot.Axes.Left.TickGenerator = Ticks(limits.Bottom, limits.Top, height, 28);
    }
}
