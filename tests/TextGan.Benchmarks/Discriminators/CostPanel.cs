using ScottPlot;
using ScottPlot.TickGenerators;
using TextGan.Reporting;

namespace TextGan.Benchmarks.Discriminators;

/// <summary>
/// Milliseconds of a step over the number of discriminators: the runs, the line through them, and the line that one discriminator's own
/// time allows.
/// </summary>
sealed class CostPanel(CostLine line) : Panel
{
    protected override void Fill(Plot plot, float width, float height)
    {
        double[] counts = [.. Enumerable.Range(1, line.Fastest.Count).Select(k => (double)k)];
        double[] Milliseconds(Func<double, double> seconds) => [.. counts.Select(k => seconds(k) * 1000)];
        var (runs, fit, own) = (LineLook.Of(0), LineLook.Of(0), LineLook.Of(1));
        var allowed = Milliseconds(k => line.Base + k * line.Own * 1.05);
        Line(plot, counts, allowed, own.Color, 2, own.Pattern);
        Line(plot, counts, Milliseconds(k => line.Base + k * line.Slope), fit.Color, 2, fit.Pattern);
        plot.Add.Markers(counts, Milliseconds(k => line.Fastest[(int)k - 1]), runs.Marker, 8, runs.Color);
        var top = Math.Max(allowed[^1], line.Fastest.Max() * 1000) * 1.06;
        plot.Axes.SetLimits(0.7, counts[^1] + 0.3, 0, top);
        plot.XLabel("discriminators");
        plot.Axes.Bottom.TickGenerator = new NumericManual(counts, [.. counts.Select(NumberText.Brief)]);
        plot.Axes.Left.TickGenerator = Ticks(0, top, height, 28);
    }
}
