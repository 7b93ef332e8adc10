namespace TextGan.Metrics.Sweeps;

/// <summary>
/// The volume that points dominate above a reference point (Zitzler and Thiele, 1998), exact, by slicing along the last metric. More is
/// better in all metrics.
/// </summary>
public static class Hypervolume
{
    /// <param name="points">A value for each metric.</param>
    /// <param name="reference">The worst value of each metric that counts; points that are not above it in all metrics add nothing.</param>
    public static double Of(IEnumerable<IReadOnlyList<double>> points, IReadOnlyList<double> reference) =>
        Of([.. points.Where(point => point.Zip(reference).All(pair => pair.First > pair.Second))], reference, reference.Count);

    /// <summary>In the first so many metrics.</summary>
    static double Of(IReadOnlyList<IReadOnlyList<double>> points, IReadOnlyList<double> reference, int count)
    {
        if (points.Count == 0) return 0;
        var last = count - 1;
        if (last == 0) return points.Max(point => point[0]) - reference[0];
        // Between two levels of the last metric the cross-section is what the points from the upper level on dominate in the others.
        double[] levels = [.. points.Select(point => point[last]).Distinct().OrderDescending(), reference[last]];
        return Enumerable.Range(0, levels.Length - 1).Sum(i =>
            (levels[i] - levels[i + 1]) * Of([.. points.Where(point => point[last] >= levels[i])], reference, last));
    }
}
