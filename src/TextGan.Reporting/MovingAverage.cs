namespace TextGan.Reporting;

/// <summary>A centred moving average, for reading the trend of a noisy series.</summary>
public static class MovingAverage
{
    /// <summary>The width that suits a series: one part of <paramref name="share"/> of its points, odd, at least 5.</summary>
    public static int Width(int points, int share) => Math.Max(5, points / share | 1);

    /// <summary>
    /// For each index the mean of the finite values among the <paramref name="width"/> around it, without the lowest and the
    /// highest tenth (at least one each of five or more), so that one spike leaves no step; near the ends the window is cut
    /// off. Where the value itself is not finite, so is the answer.
    /// </summary>
    /// <param name="indices">Places in <paramref name="values"/>.</param>
    /// <param name="width">Odd, at least 1.</param>
    public static double[] Trimmed(IReadOnlyList<double> values, IReadOnlyList<int> indices, int width)
    {
        if (width < 1 || width % 2 == 0)
            throw new ArgumentOutOfRangeException(nameof(width), width, "The width must be odd and at least 1.");
        var averages = new double[indices.Count];
        var window = new double[width];
        for (var i = 0; i < averages.Length; i++)
        {
            var centre = indices[i];
            averages[i] = values[centre];
            if (!double.IsFinite(values[centre]))
                continue;
            var count = 0;
            for (var at = Math.Max(0, centre - width / 2); at <= Math.Min(values.Count - 1, centre + width / 2); at++)
                if (double.IsFinite(values[at]))
                    window[count++] = values[at];
            Array.Sort(window, 0, count);
            var cut = count < 5 ? 0 : Math.Max(1, count / 10);
            double sum = 0;
            for (var at = cut; at < count - cut; at++)
                sum += window[at];
            averages[i] = sum / (count - 2 * cut);
        }
        return averages;
    }

    /// <summary>
    /// About <paramref name="count"/> indices on a grid of positions: for each of its lines the last position at or before it.
    /// Series that were logged at the same steps get the same steps, even if one ended earlier. A series of at most that many
    /// positions stays whole.
    /// </summary>
    /// <param name="start">The grid's first line.</param>
    /// <param name="end">Its last line.</param>
    public static int[] Grid(IReadOnlyList<double> xs, double start, double end, int count)
    {
        if (xs.Count <= count)
            return [.. Enumerable.Range(0, xs.Count)];
        const double Rounding = 1e-9;
        var chosen = new List<int>(count + 1);
        for (var i = 0; i < xs.Count; i++)
        {
            var at = Line(xs[i]);
            var line = Math.Ceiling(at - Rounding);
            // Past the end of a series nothing says what the value at the next line would have been.
            if (i + 1 < xs.Count ? Line(xs[i + 1]) > line + Rounding : at >= line - Rounding)
                chosen.Add(i);
        }
        return [.. chosen];

        double Line(double x) => (x - start) / (end - start) * count;
    }
}
