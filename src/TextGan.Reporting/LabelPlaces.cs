namespace TextGan.Reporting;

/// <summary>Places for names beside their points, so that no name covers another one or a point.</summary>
public static class LabelPlaces
{
    const float Marker = 8;
    const int Directions = 16;
    static readonly float[] Distances = [10, 20, 32, 46, 62, 80];

    /// <summary>
    /// The upper left corner of each name, in pixels from the upper left corner of the area: the nearest free one, or, where none is
    /// free, the one where least is covered.
    /// </summary>
    /// <param name="points">Where the points are.</param>
    /// <param name="sizes">Width and height of each point's name.</param>
    /// <param name="width">The area's.</param>
    /// <param name="height">The area's.</param>
    /// <param name="obstacles">What names should not cover, either.</param>
    public static IReadOnlyList<SKRect> Of(
        IReadOnlyList<SKPoint> points, IReadOnlyList<SKSize> sizes, float width, float height, params IEnumerable<SKRect> obstacles)
    {
        var taken = points.Select(point => SKRect.Create(point.X - Marker, point.Y - Marker, 2 * Marker, 2 * Marker)).Concat(obstacles)
            .ToList();
        var placed = new List<SKRect>();
        foreach (var (point, size) in points.Zip(sizes))
        {
            SKRect[] inside = [.. from distance in Distances
                from direction in Enumerable.Range(0, Directions)
                let angle = 2 * MathF.PI * direction / Directions
                let x = point.X + MathF.Cos(angle) * (distance + size.Width / 2) - size.Width / 2
                let y = point.Y - MathF.Sin(angle) * (distance + size.Height / 2) - size.Height / 2
                where x >= 0 && y >= 0 && x + size.Width <= width && y + size.Height <= height
                select SKRect.Create(x, y, size.Width, size.Height)];
            var best = inside.DefaultIfEmpty(SKRect.Create(Math.Max(0, width - size.Width), 0, size.Width, size.Height))
                .MinBy(place => taken.Sum(other => Overlap(place, other)));
            taken.Add(best);
            placed.Add(best);
        }
        return placed;
    }

    static float Overlap(SKRect one, SKRect other) =>
        Math.Max(0, Math.Min(one.Right, other.Right) - Math.Max(one.Left, other.Left))
        * Math.Max(0, Math.Min(one.Bottom, other.Bottom) - Math.Max(one.Top, other.Top));
}
