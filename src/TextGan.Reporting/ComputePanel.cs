namespace TextGan.Reporting;

/// <summary>What a <see cref="ComputePanel"/> shows of one search.</summary>
/// <param name="Look">Its look.</param>
/// <param name="Points">For each budget the seeds' rewards; <see cref="SeedPoint.Step"/> is the mean number of tokens.</param>
public sealed record ComputeLine(LineLook Look, IReadOnlyList<SeedPoint> Points);

/// <summary>Reward against the compute that was spent on a text, on a logarithmic axis.</summary>
public sealed class ComputePanel(IReadOnlyList<ComputeLine> lines) : Panel
{
    protected override void Fill(Plot plot, float width, float height)
    {
        foreach (var (look, points) in lines)
        {
            double[] xs = [.. points.Select(point => Math.Log10(point.Step))], ys = [.. points.Select(point => point.Mean)];
            foreach (var (x, point) in xs.Zip(points).Where(pair => pair.Second.Count > 1))
                Line(plot, [x, x], [point.Low, point.High], look.Color.WithAlpha(0.55), 2);
            Line(plot, xs, ys, look.Color, 1.8f, look.Pattern);
            plot.Add.Markers(xs, ys, look.Marker, 8, look.Color).MarkerStyle.LineWidth = 1.8f;
        }
        plot.Axes.Margins(0.07, 0.09);
        plot.Axes.AutoScale();
        plot.XLabel("tokens that the generator reads for a text");
        var limits = plot.Axes.GetLimits();
        plot.Axes.Bottom.TickGenerator = LogarithmicTicks(limits.Left, limits.Right);
        plot.Axes.Left.TickGenerator = Ticks(limits.Bottom, limits.Top, height, 28);
    }
}
