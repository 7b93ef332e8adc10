using System.Text;
using TextGan.Storage;

namespace TextGan.Reporting;

/// <summary>Panels that stand side by side.</summary>
/// <param name="Panels">From the left.</param>
public sealed record FigureRow(IReadOnlyList<Panel> Panels)
{
    /// <summary>Its share of the height, relative to other rows. Default 1.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Panels that a full row has, so that a last row with fewer keeps their width.</summary>
    public int Columns { get; init; } = Panels.Count;

    /// <summary>A legend for all of the row's panels, above them.</summary>
    public IReadOnlyList<LegendEntry> Legend { get; init; } = [];
}

/// <summary>A picture of 1200 by 700 pixels: a title, rows of panels, a note below.</summary>
public sealed record Figure(string Name, string Title, IReadOnlyList<FigureRow> Rows)
{
    public const int Width = 1200, Height = 700;

    const float Side = 14, TitleHeight = 38, NoteHeight = 22, PanelTitleHeight = 20, LegendLine = 18;
    static readonly PixelPadding Padding = new(left: 66, right: 18, bottom: 46, top: 6);
    static readonly SKColor Ink = new(0x20, 0x20, 0x20), Faint = new(0x50, 0x50, 0x50);

    /// <summary>A legend for all panels, below the title.</summary>
    public IReadOnlyList<LegendEntry> Legend { get; init; } = [];

    /// <summary>What a reader must know: how lines were averaged, what a band spans.</summary>
    public string Note { get; init; } = "";

    /// <summary>Writes NAME.png and NAME.svg, each whole or not at all, and returns their paths.</summary>
    /// <param name="folder">It is made where it is missing.</param>
    public IReadOnlyList<string> Save(string folder)
    {
        var path = Path.Combine(folder, Label.FileName(Name));
        AtomicFile.Write(path + ".png", stream => stream.Write(Png()));
        AtomicFile.WriteText(path + ".svg", Svg());
        return [path + ".png", path + ".svg"];
    }

    /// <summary>The picture as PNG.</summary>
    public byte[] Png()
    {
        using var surface = SKSurface.Create(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Draw(surface.Canvas);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>The picture as SVG; its text is text.</summary>
    public string Svg()
    {
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, Width, Height), stream))
            Draw(canvas);
        // A view box lets a page scale it; another font stands in where the viewer has not this one.
        return Encoding.UTF8.GetString(stream.ToArray())
            .Replace($"width=\"{Width}\" height=\"{Height}\">", $"width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\">")
            .Replace($"font-family=\"{PlotFont.Family}\"", $"font-family=\"{PlotFont.Family}, Verdana, sans-serif\"");
    }

    /// <summary>Draws onto a canvas of 1200 by 700.</summary>
    public void Draw(SKCanvas canvas)
    {
        canvas.Clear(SKColors.White);
        Text(canvas, Label.Elide(Label.Clean(Title), 110), Side, 25, 17, Ink);
        Text(canvas, Note, Side, Height - 8, Panel.FontSize, Faint);
        var top = TitleHeight + LegendStrip.Draw(canvas, Legend, Side, TitleHeight - 2, Width - 2 * Side, 3);
        var bottom = Height - (Note.Length > 0 ? NoteHeight : 6);
        var weights = Rows.Sum(row => row.Weight);
        var free = bottom - top;
        foreach (var row in Rows)
        {
            var height = (float)(free * row.Weight / weights);
            DrawRow(canvas, row, top, height);
            top += height;
        }
    }

    static void DrawRow(SKCanvas canvas, FigureRow row, float top, float height)
    {
        var used = LegendStrip.Draw(canvas, row.Legend, Side, top, Width - 2 * Side, 2);
        var extra = row.Panels.Sum(panel => panel.ExtraLeft);
        var column = (Width - 2 * Side - extra) / row.Columns;
        // Axes side by side start at the same height, whatever their legends need.
        var header = PanelTitleHeight + row.Panels.Max(panel => LegendStrip.Lines(panel.Legend, column + panel.ExtraLeft, 3)) * LegendLine;
        var left = Side;
        foreach (var panel in row.Panels)
        {
            var width = column + panel.ExtraLeft;
            Text(canvas, Label.Elide(Label.Clean(panel.Title), Math.Max(10, (int)(width / 7.5f))), left + 8, top + used + 14, 13, Ink);
            LegendStrip.Draw(canvas, panel.Legend, left + 8, top + used + PanelTitleHeight, width - 8, 3);
            var area = new PixelRect(left, left + width, top + height, top + used + header);
            var padding = Padding with { Left = Padding.Left + panel.ExtraLeft };
            using var plot = panel.Build(area.Width - padding.Horizontal, area.Height - padding.Vertical);
            plot.Layout.Fixed(padding);
            plot.Render(canvas, area);
            left += width;
        }
    }

    static void Text(SKCanvas canvas, string text, float x, float y, float size, SKColor color)
    {
        if (text.Length == 0)
            return;
        using var font = PlotFont.Of(size);
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        canvas.DrawText(text, x, y, SKTextAlign.Left, font, paint);
    }
}
