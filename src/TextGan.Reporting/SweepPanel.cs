using ScottPlot.TickGenerators;

namespace TextGan.Reporting;

/// <summary>What a <see cref="SweepPanel"/> shows of one setting of all other options.</summary>
/// <param name="Look">Its look.</param>
/// <param name="Points">For each value of the option the seeds' last values; <see cref="SeedPoint.Step"/> is the place on the axis.</param>
public sealed record SweepLine(LineLook Look, IReadOnlyList<SeedPoint> Points);

/// <summary>A metric against the values of an option.</summary>
public sealed class SweepPanel(SweptOption option, IReadOnlyList<SweepLine> lines, bool isJoined) : Panel
{
    /// <summary>Pixels between the words of two values.</summary>
    const float Apart = 42;

    /// <summary>What is drawn.</summary>
    public IReadOnlyList<SweepLine> Lines => lines;

    protected override void Fill(Plot plot, float width, float height)
    {
        foreach (var (look, points) in lines)
        {
            foreach (var point in points.Where(point => point.Count > 1 && point.High > point.Low))
                Line(plot, [point.Step, point.Step], [point.Low, point.High], look.Color.WithAlpha(0.55), 2);
            if (isJoined) Line(plot, [.. points.Select(point => point.Step)], [.. points.Select(point => point.Mean)], look.Color, 2,
                look.Pattern);
            plot.Add.Markers(points.Select(point => point.Step).ToArray(), points.Select(point => point.Mean).ToArray(), look.Marker, 9,
                look.Color).MarkerStyle.LineWidth = 1.8f;
        }
        plot.Axes.Margins(0.07, 0.09);
        plot.Axes.AutoScale();
        var limits = plot.Axes.GetLimits();
        plot.XLabel(option.Name);
        plot.Axes.Bottom.TickGenerator = HorizontalTicks(limits.Left, limits.Right, width);
        plot.Axes.Left.TickGenerator = Ticks(limits.Bottom, limits.Top, height, 28);
    }

    /// <summary>The option's values where there is room for their words, else round numbers.</summary>
    NumericManual HorizontalTicks(double left, double right, float width)
    {
        double[] places = [.. option.Values.Select(option.X)];
        var nearest = places.Order().Zip(places.Order().Skip(1), (a, b) => b - a).Min();
        if (!option.IsNumeric || nearest / (right - left) * width >= Apart)
            return new(places, [.. option.Values.Select(value => option.IsNumeric
                ? NumberText.Brief(double.Parse(value, System.Globalization.CultureInfo.InvariantCulture))
                : Label.Elide(Label.Clean(value), Math.Max(4, (int)(width / places.Length / 7))))]);
        return option.IsLogarithmic ? LogarithmicTicks(left, right) : Ticks(left, right, width, 56);
    }
}
