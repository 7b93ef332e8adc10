using ScottPlot.TickGenerators;

namespace TextGan.Reporting;

/// <summary>One pair of axes of a figure, with a title and a legend above it.</summary>
public abstract class Panel
{
    /// <summary>Size of all text in panels, in pixels.</summary>
    public const float FontSize = 12;

    /// <summary>The line above the panel.</summary>
    public required string Title { get; init; }

    /// <summary>The vertical axis's name with its unit.</summary>
    public required string Unit { get; init; }

    /// <summary>Names of this panel's lines, shown between title and axes.</summary>
    public List<LegendEntry> Legend { get; } = [];

    /// <summary>Lines about values that are missing, in the middle of the data area.</summary>
    public IReadOnlyList<string> Remarks { get; set; } = [];

    /// <summary>Pixels left of the data beyond what numbers need (names of categories).</summary>
    public virtual float ExtraLeft => 0;

    /// <summary>Draws the data into a fresh plot whose data area has this size.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    public Plot Build(float width, float height)
    {
        var plot = new Plot();
        Fill(plot, width, height);
        foreach (var marked in plot.GetPlottables().OfType<IHasMarker>()) PathMarker.Use(marked.MarkerStyle);
        if (Remarks.Count > 0)
        {
            var longest = Math.Max(10, (int)(width / 6.5f));
            var remark = plot.Add.Annotation(string.Join('\n', Remarks.Select(line => Label.Elide(Label.Clean(line), longest))),
                Alignment.MiddleCenter);
            (remark.LabelFontSize, remark.LabelFontColor, remark.LabelBackgroundColor) = (FontSize, Colors.Black, Colors.White);
            (remark.LabelBorderWidth, remark.LabelShadowColor) = (0, Colors.Transparent);
        }
        plot.YLabel(Unit);
        foreach (var axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
        {
            axis.Label.FontSize = FontSize;
            axis.Label.Bold = false;
            axis.TickLabelStyle.FontSize = FontSize;
            axis.MajorTickStyle.Length = 4;
            axis.MinorTickStyle.Length = 0;
        }
        // The font's letters stand high in their line: this puts digits at the height of their tick.
        plot.Axes.Left.TickLabelStyle.OffsetY = 4;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Grid.MajorLineColor = Colors.Black.WithAlpha(0.12);
        plot.FigureBackground.Color = Colors.White;
        plot.DataBackground.Color = Colors.White;
        PlotFont.Apply(plot);
        plot.RenderManager.ClearCanvasBeforeEachRender = false;
        return plot;
    }

    /// <summary>Round numbers along an axis.</summary>
    protected static NumericManual Ticks(double from, double to, float pixels, float apart)
    {
        var ticks = NumberText.Ticks(from, to, Math.Max(3, (int)(pixels / apart)));
        return new([.. ticks], [.. ticks.Select(NumberText.Brief)]);
    }

    /// <summary>Powers of ten along an axis of logarithms; on a short axis twice and five times of them as well.</summary>
    protected static NumericManual LogarithmicTicks(double bottom, double top)
    {
        var ticks = new NumericManual();
        var steps = top - bottom < 1.2 ? new[] { 1, 2, 5 } : [1];
        var every = Math.Max(1, (int)Math.Ceiling((top - bottom) / 8));
        for (var power = (int)Math.Floor(bottom); power <= top; power++)
            foreach (var step in steps)
            {
                var at = power + Math.Log10(step);
                if (at >= bottom && at <= top && power % every == 0)
                    ticks.AddMajor(at, NumberText.Brief(step * Math.Pow(10, power)));
            }
        return ticks;
    }

    /// <summary>Adds a line in a look's dashes.</summary>
    protected static ScottPlot.Plottables.Scatter Line(
        Plot plot, double[] xs, double[] ys, Color color, float width, LinePattern? pattern = null)
    {
        var line = plot.Add.ScatterLine(xs, ys, color);
        (line.LineWidth, line.MarkerSize) = (width, 0);
        line.PathStrategy = new DashedPath(pattern ?? LinePattern.Solid);
        return line;
    }

    /// <summary>Adds words beside a place.</summary>
    protected static void Write(
        Plot plot, string words, double x, double y, Alignment alignment, float offsetX, float offsetY, Color? color = null)
    {
        var text = plot.Add.Text(words, x, y);
        (text.LabelAlignment, text.OffsetX, text.OffsetY) = (alignment, offsetX, offsetY);
        (text.LabelFontSize, text.LabelFontColor) = (FontSize, color ?? Colors.Black);
    }

    /// <summary>Adds the data, sets limits, horizontal label and ticks.</summary>
    protected abstract void Fill(Plot plot, float width, float height);
}
