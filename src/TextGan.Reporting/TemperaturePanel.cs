using System.Globalization;
using TextGan.Metrics.Sweeps;

namespace TextGan.Reporting;

/// <summary>One pair of figures: diversity to the right, quality upwards, a curve for each model.</summary>
public sealed class TemperaturePanel(SweepPair pair, IReadOnlyList<(LineLook Look, SweepCurve Curve)> curves) : Panel
{
    /// <summary>Pixels beside a point for what is written there, such as "0.45".</summary>
    const float LabelWidth = 36;

    protected override void Fill(Plot plot, float width, float height)
    {
        foreach (var (look, curve) in curves)
        {
            SweepPoint[] points = [.. curve.Points.Where(pair.Has)];
            if (points.Length == 0) continue;
            Line(plot, [.. points.Select(X)], [.. points.Select(Y)], look.Color, 1.6f, look.Pattern);
            plot.Add.Markers(points.Select(X).ToArray(), points.Select(Y).ToArray(), look.Marker, 6, look.Color);
            var best = pair.Best(points)!;
            plot.Add.Marker(X(best), Y(best), look.Marker, 13, look.Color).MarkerStyle.LineWidth = 2;
            foreach (var end in (SweepPoint[])[points[0], points[^1]])
                Write(plot, end.At.ToString(CultureInfo.InvariantCulture), X(end), Y(end), Alignment.LowerLeft, 5, -3, look.Color);
        }
        foreach (var (_, curve) in curves)
            if (curve.Points.FirstOrDefault(point => point.At == 1) is { } own && pair.Has(own))
                plot.Add.Marker(X(own), Y(own), MarkerShape.OpenSquare, 8, Colors.Black);
        plot.Axes.Margins(Math.Max(0.09, 2 * LabelWidth / width), 0.1);
        plot.Axes.AutoScale();
        plot.XLabel(TemperatureFigures.UnitOf(pair, pair.Diversity));
        var limits = plot.Axes.GetLimits();
        plot.Axes.Bottom.TickGenerator = Ticks(limits.Left, limits.Right, width, 56);
        plot.Axes.Left.TickGenerator = Ticks(limits.Bottom, limits.Top, height, 28);
    }

    double X(SweepPoint point) => point.Values[pair.Diversity];

    double Y(SweepPoint point) => point.Values[pair.Quality];
}
