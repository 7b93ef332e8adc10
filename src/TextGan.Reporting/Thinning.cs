namespace TextGan.Reporting;

/// <summary>Reduces a series to what a picture can show and keeps every spike.</summary>
public static class Thinning
{
    /// <summary>
    /// Cuts the horizontal range into buckets and keeps the first, the smallest, the largest and the last point of each, in
    /// their order. A series of at most two points a bucket stays as it is. Values that are not finite make gaps: the answer
    /// has a stretch for each side of one. In a thinned series a gap narrower than a bucket closes, for it could not be seen.
    /// </summary>
    /// <param name="xs">Ascending.</param>
    /// <param name="ys">As many as <paramref name="xs"/>.</param>
    /// <param name="buckets">About the width of the picture in pixels; at least 1.</param>
    public static IReadOnlyList<Stretch> MinMax(IReadOnlyList<double> xs, IReadOnlyList<double> ys, int buckets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 1);
        if (xs.Count != ys.Count)
            throw new ArgumentException($"There are {xs.Count} positions and {ys.Count} values; they must be as many.", nameof(ys));
        var stretches = new List<Stretch>();
        var (keptX, keptY) = (new List<double>(), new List<double>());
        if (xs.Count <= 2 * buckets)
        {
            for (var i = 0; i < xs.Count; i++)
            {
                if (double.IsFinite(ys[i]))
                    Keep(i);
                else
                    Close();
            }
            Close();
            return stretches;
        }

        var (left, span) = (xs[0], xs[^1] - xs[0]);
        var point = 0;
        for (var bucket = 0; bucket < buckets; bucket++)
        {
            int first = -1, low = -1, high = -1, last = -1, start = point;
            // The last bucket takes what is left, so that rounding loses no point.
            while (point < xs.Count && (bucket == buckets - 1 || Bucket(xs[point]) <= bucket))
            {
                if (double.IsFinite(ys[point]))
                {
                    first = first < 0 ? point : first;
                    low = low < 0 || ys[point] < ys[low] ? point : low;
                    high = high < 0 || ys[point] > ys[high] ? point : high;
                    last = point;
                }
                point++;
            }
            if (point == start)
                continue; // no point here at all: the line passes through
            if (first < 0)
            {
                Close();
                continue;
            }
            var previous = -1;
            foreach (var index in new[] { first, Math.Min(low, high), Math.Max(low, high), last })
            {
                if (index != previous)
                    Keep(index);
                previous = index;
            }
        }
        Close();
        return stretches;

        int Bucket(double x) => span > 0 ? (int)((x - left) / span * buckets) : 0;

        void Keep(int index)
        {
            keptX.Add(xs[index]);
            keptY.Add(ys[index]);
        }

        void Close()
        {
            if (keptX.Count > 0)
                stretches.Add(new(keptX.ToArray(), keptY.ToArray()));
            keptX.Clear();
            keptY.Clear();
        }
    }
}
