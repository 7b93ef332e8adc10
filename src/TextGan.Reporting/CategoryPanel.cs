using ScottPlot.TickGenerators;

namespace TextGan.Reporting;

/// <summary>Values of one experiment in a <see cref="CategoryPanel"/>: a value for each seed, and why those that are NaN are.</summary>
public sealed record CategoryValues(string Name, LineLook Look, IReadOnlyList<double> Values, string Missing = "");

/// <summary>A level line for each experiment: its seeds as small rings, their mean as a large marker with its value.</summary>
public sealed class CategoryPanel(IReadOnlyList<CategoryValues> categories, bool showNames) : Panel
{
    const int LongestName = 26;

    public IReadOnlyList<CategoryValues> Categories => categories;

    /// <summary>The horizontal axis's name with its unit.</summary>
    public required string HorizontalUnit { get; init; }

    public override float ExtraLeft => showNames ? NamesWidth() - 50 : -36;

    protected override void Fill(Plot plot, float width, float height)
    {
        var all = categories.SelectMany(category => category.Values).Where(double.IsFinite).ToArray();
        var (low, high) = all.Length == 0 ? (0, 1) : (all.Min(), all.Max());
        var room = high > low ? high - low : Math.Max(Math.Abs(high) * 0.1, 0.1);
        for (var i = 0; i < categories.Count; i++)
        {
            var y = categories.Count - 1 - i;
            var (look, point) = (categories[i].Look, SeedAggregate.Of(0, categories[i].Values));
            if (point.Count == 0)
            {
                if (categories[i].Missing.Length > 0)
                    Beside(plot, Label.Clean(categories[i].Missing), low, y);
                continue;
            }
            if (point.Count > 1)
            {
                Line(plot, [point.Low, point.High], [y, y], look.Color, 2);
                var seeds = categories[i].Values.Where(double.IsFinite).ToArray();
                plot.Add.Markers(seeds, seeds.Select(_ => (double)y).ToArray(), MarkerShape.OpenCircle, 7, Color.FromHex("#404040"));
            }
            var mean = plot.Add.Marker(point.Mean, y, look.Marker == MarkerShape.None ? MarkerShape.FilledDiamond
                : look.Marker, 12, look.Color);
            mean.MarkerStyle.LineWidth = 2;
            Beside(plot, NumberText.Significant(point.Mean), point.High, y);
        }
        // Room at the right for the value beside the greatest mean.
        var (left, right) = (low - 0.08 * room, high + room * (0.08 + 52 / Math.Max(60, width - 60)));
        plot.Axes.SetLimits(left, right, -0.6, categories.Count - 0.4);
        plot.XLabel(HorizontalUnit);
        plot.Axes.Bottom.TickGenerator = Ticks(left, right, width, 56);
        var names = categories.Select(category => showNames ? Shown(category.Name) : "").Reverse().ToArray();
        plot.Axes.Left.TickGenerator = new NumericManual([.. names.Select((_, i) => (double)i)], names);
    }

    static void Beside(Plot plot, string words, double x, double y) => Write(plot, words, x, y, Alignment.MiddleLeft, 11, 4);

    float NamesWidth()
    {
        using var font = new SKFont(PlotFont.Typeface, FontSize);
        return categories.Select(category => font.MeasureText(Shown(category.Name))).DefaultIfEmpty(0).Max();
    }

    static string Shown(string name) => Label.Elide(Label.Clean(name), LongestName);
}
