using System.Globalization;
using ScottPlot.TickGenerators;

namespace TextGan.Reporting;

/// <summary>
/// Numbers of pairs as coloured squares: blue above 0, red below it, as both are told apart with every kind of colour blindness, and paler
/// towards 0. The diagonal has a frame: it is of another kind.
/// </summary>
/// <param name="names">Of rows and columns.</param>
/// <param name="value">Row, column → a cosine, or a share; NaN where it is missing.</param>
public sealed class MatrixPanel(IReadOnlyList<string> names, Func<int, int, double> value) : Panel
{
    const int LongestName = 16;
    const float Widest = 32, Highest = 14; // of a number

    static readonly Color Positive = Color.FromHex("#2166AC"), Negative = Color.FromHex("#B2182B"), Missing = Color.FromHex("#E4E4E4"),
        Frame = Color.FromHex("#404040"); // the ends of ColorBrewer's RdBu

    /// <summary>Whether values are shares of what is bad: red and in percent.</summary>
    public bool IsShare { get; init; }

    /// <summary>What stands below the columns' names.</summary>
    public required string HorizontalUnit { get; init; }

    /// <summary>Whether rows have their names; if not, those of the panel to the left are theirs.</summary>
    public bool ShowNames { get; init; } = true;

    public override float ExtraLeft => ShowNames ? NamesWidth() - 50 : -36;

    protected override void Fill(Plot plot, float width, float height)
    {
        var (count, cell) = (names.Count, width / names.Count);
        // The diagonal last, so that no neighbour covers its frame.
        foreach (var (i, j) in (from i in Enumerable.Range(0, count) from j in Enumerable.Range(0, count) select (i, j))
            .OrderBy(place => place.i == place.j))
        {
            var (found, y) = (value(i, j), count - 1 - i);
            // The root, so that small cosines have a colour.
            var strength = !double.IsFinite(found) ? 0 : IsShare ? -found : Math.Sign(found) * Math.Sqrt(Math.Abs(found));
            var square = plot.Add.Rectangle(j - 0.5, j + 0.5, y - 0.5, y + 0.5);
            square.FillColor = double.IsFinite(found) ? ColorOf(strength) : Missing;
            (square.LineColor, square.LineWidth) = i == j ? (Frame, 2) : (Colors.White, 1);
            if (cell < Widest || height / count < Highest) continue;
            Write(plot, TextOf(found), j, y, Alignment.MiddleCenter, 0, 3, Math.Abs(strength) > 0.7 ? Colors.White : Colors.Black);
        }
        plot.Axes.SetLimits(-0.54, count - 0.46, -0.54, count - 0.46);
        plot.XLabel(HorizontalUnit);
        double[] places = [.. Enumerable.Range(0, count).Select(i => (double)i)];
        plot.Axes.Left.TickGenerator = new NumericManual(places, [.. names.Reverse().Select(name =>
            ShowNames ? Shown(name, LongestName) : "")]);
        plot.Axes.Bottom.TickGenerator = new NumericManual(places, [.. names.Select(name => Shown(name, Math.Max(3, (int)(cell / 7.2f))))]);
    }

    string TextOf(double found) => !double.IsFinite(found) ? "–"
        : IsShare ? (100 * found).ToString("0", CultureInfo.InvariantCulture) + "%" : found.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>From -1, red, over 0, white, to 1, blue.</summary>
    static Color ColorOf(double strength)
    {
        var (end, share) = (strength < 0 ? Negative : Positive, Math.Min(1, Math.Abs(strength)));
        byte Mixed(byte of) => (byte)(255 + share * (of - 255));
        return new Color(Mixed(end.R), Mixed(end.G), Mixed(end.B));
    }

    float NamesWidth()
    {
        using var font = new SKFont(PlotFont.Typeface, FontSize);
        return names.Select(name => font.MeasureText(Shown(name, LongestName))).DefaultIfEmpty(0).Max();
    }

    static string Shown(string name, int longest) => Label.Elide(Label.Clean(name), longest);
}
