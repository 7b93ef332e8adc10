namespace TextGan.Reporting;

/// <summary>
/// The font of all pictures, DejaVu Sans. It comes with the library, so that pictures have letters on machines without fonts
/// (server images have none) and look the same everywhere.
/// </summary>
public sealed class PlotFont : IFontResolver
{
    /// <summary>The family's name in ScottPlot and in SVG files.</summary>
    public const string Family = "DejaVu Sans";

    static PlotFont()
    {
        using var resource = typeof(PlotFont).Assembly.GetManifestResourceStream("TextGan.Reporting.Fonts.DejaVuSans.ttf");
        Typeface = SKTypeface.FromStream(resource);
        ScottPlot.Fonts.FontResolvers.Insert(0, new PlotFont());
        ScottPlot.Fonts.Default = Family; // words beside points take this one, whatever the plot's is
    }

    PlotFont() { }

    /// <summary>The typeface; it lives as long as the process.</summary>
    public static SKTypeface Typeface { get; }

    /// <summary>The font of text that is drawn beside plots; the caller disposes of it.</summary>
    /// <param name="size">In pixels.</param>
    public static SKFont Of(float size) => new(Typeface, size) { Edging = SKFontEdging.Antialias, Subpixel = true };

    /// <summary>Sets the font of everything in a plot.</summary>
    public static void Apply(Plot plot) => plot.Font.Set(Family);

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        fontName == Family ? Typeface : null;

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Family ? Typeface : null;
}
