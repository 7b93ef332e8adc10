namespace TextGan.Reporting;

/// <summary>
/// Turns points into a path of dashes. Skia's SVG writer knows no dashed strokes (it complains on the error stream and writes
/// outlines of each dash), so dashes are cut here and every stroke is solid. Pixels are rounded to a tenth, which no eye sees
/// and which halves the size of an SVG file.
/// </summary>
sealed class DashedPath(LinePattern pattern) : IPathStrategy
{
    readonly float[] lengths = pattern.Intervals ?? [];

    public SKPath GetPath(IEnumerable<Pixel> pixels)
    {
        var path = new SKPath();
        Pixel? previous = null;
        var (interval, rest) = (0, lengths.Length > 0 ? lengths[0] : float.PositiveInfinity);
        foreach (var pixel in pixels)
        {
            var to = new Pixel(MathF.Round(pixel.X, 1), MathF.Round(pixel.Y, 1));
            if (previous is not { } from)
            {
                path.MoveTo(to.X, to.Y);
                previous = to;
                continue;
            }
            var length = from.DistanceFrom(to);
            var done = 0f;
            while (length - done > rest)
            {
                done += rest;
                var at = new Pixel(from.X + (to.X - from.X) * done / length, from.Y + (to.Y - from.Y) * done / length);
                Go(at);
                interval = (interval + 1) % lengths.Length;
                rest = lengths[interval];
            }
            rest -= length - done;
            Go(to);
            previous = to;
        }
        return path;

        // Even intervals are ink.
        void Go(Pixel at)
        {
            var (x, y) = (MathF.Round(at.X, 1), MathF.Round(at.Y, 1));
            if (interval % 2 == 0)
                path.LineTo(x, y);
            else
                path.MoveTo(x, y);
        }
    }
}
