using ScottPlot;
using SkiaSharp;

namespace TextGan.Reporting;

/// <summary>
/// The font of all pictures, DejaVu Sans. It comes with the library, so that pictures have letters on machines without fonts
/// (server images have none) and look the same everywhere.
/// </summary>
public sealed class PlotFont : IFontResolver
{
    /// <summary>The family's name in ScottPlot and in SVG files.</summary>
    public const string Family = "DejaVu Sans";

    static readonly Lazy<SKTypeface> Loaded = new(Load);

    static readonly Lazy<bool> Registered = new(() =>
    {
        ScottPlot.Fonts.FontResolvers.Insert(0, new PlotFont());
        return true;
    });

    PlotFont() { }

    /// <summary>The typeface; it lives as long as the process.</summary>
    public static SKTypeface Typeface => Loaded.Value;

    /// <summary>Makes the family known to ScottPlot; further calls do nothing.</summary>
    public static void Register() => _ = Registered.Value;

    /// <summary>Sets the font of everything in a plot.</summary>
    public static void Apply(Plot plot)
    {
        Register();
        plot.Font.Set(Family);
    }

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        fontName == Family ? Typeface : null;

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Family ? Typeface : null;

    static SKTypeface Load()
    {
        using var resource = typeof(PlotFont).Assembly.GetManifestResourceStream("TextGan.Reporting.Fonts.DejaVuSans.ttf")
            ?? throw new InvalidOperationException("The library lacks its font (resource TextGan.Reporting.Fonts.DejaVuSans.ttf).");
        return SKTypeface.FromStream(resource)
            ?? throw new InvalidOperationException("The library's font cannot be read.");
    }
}
