namespace TextGan.Reporting;

/// <summary>Legends in rows above the axes, where they cover no data.</summary>
static class LegendStrip
{
    const float Line = 18, Sample = 34, Gap = 6, Between = 16;
    const int Longest = 32;

    /// <summary>How many lines the entries take.</summary>
    public static int Lines(IReadOnlyList<LegendEntry> entries, float width, int most) =>
        Place(entries, width, most).Select(placed => placed.Line).DefaultIfEmpty(-1).Max() + 1;

    /// <summary>Draws the entries, broken into lines, and returns the height they take.</summary>
    public static float Draw(SKCanvas canvas, IReadOnlyList<LegendEntry> entries, float left, float top, float width, int most)
    {
        var placed = Place(entries, width, most);
        using var font = PlotFont.Of(Panel.FontSize);
        using var ink = new SKPaint { Color = new SKColor(0x20, 0x20, 0x20), IsAntialias = true };
        using var paint = Paint.NewDisposablePaint();
        foreach (var (entry, text, x, line) in placed)
        {
            var (from, middle) = (left + x, top + line * Line + Line / 2);
            if (entry is not null)
            {
                using var sample = new DashedPath(entry.Look.Pattern).GetPath([new Pixel(from, middle), new Pixel(from + Sample, middle)]);
                new LineStyle(entry.Look == LineLook.Strong ? 2.6f : 2, entry.Look.Color).Render(canvas, sample, paint);
                if (entry.Look.Marker != MarkerShape.None)
                    PathMarker.Use(new(entry.Look.Marker, 8, entry.Look.Color) { LineWidth = 1.8f }).Render(
                        canvas, new Pixel(from + Sample / 2, middle), paint);
            }
            canvas.DrawText(text, entry is null ? from : from + Sample + Gap, middle + 4.5f, SKTextAlign.Left, font, ink);
        }
        return placed.Count == 0 ? 0 : (placed[^1].Line + 1) * Line + 4;
    }

    /// <summary>Where each entry stands; what finds no room becomes "+n more".</summary>
    static List<(LegendEntry? Entry, string Text, float X, int Line)> Place(IReadOnlyList<LegendEntry> entries, float width, int most)
    {
        using var font = PlotFont.Of(Panel.FontSize);
        var placed = new List<(LegendEntry?, string, float, int)>();
        float x = 0;
        var line = 0;
        for (var i = 0; i < entries.Count; i++)
        {
            var text = Label.Elide(Label.Clean(entries[i].Text), Longest);
            while (text.Length > 6 && Sample + Gap + font.MeasureText(text) > width)
                text = Label.Elide(text, text.Length - 2);
            var needed = Sample + Gap + font.MeasureText(text);
            var more = i < entries.Count - 1 && line == most - 1 ? Between + font.MeasureText($"+{entries.Count} more") : 0;
            if (x > 0 && x + needed + more > width)
            {
                if (line == most - 1)
                {
                    placed.Add((null, $"+{entries.Count - i} more", x, line));
                    break;
                }
                (x, line) = (0, line + 1);
            }
            placed.Add((entries[i], text, x, line));
            x += needed + Between;
        }
        return placed;
    }
}
