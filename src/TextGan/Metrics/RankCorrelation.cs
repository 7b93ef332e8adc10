namespace TextGan.Metrics;

/// <summary>Whether two judges rank the same things alike.</summary>
public static class RankCorrelation
{
    /// <summary>The 97.5% point of the standard normal distribution.</summary>
    const double Z = 1.959963984540054;

    /// <summary>The rank of each value, 1 for the smallest; equal values share the mean of their ranks.</summary>
    public static double[] Ranks(IReadOnlyList<double> values)
    {
        int[] order = [.. Enumerable.Range(0, values.Count).OrderBy(i => values[i])];
        var ranks = new double[values.Count];
        for (int first = 0, next; first < order.Length; first = next)
        {
            for (next = first + 1; next < order.Length && values[order[next]] == values[order[first]]; next++) { }
            for (var i = first; i < next; i++) ranks[order[i]] = (first + 1 + next) / 2.0;
        }
        return ranks;
    }

    /// <summary>
    /// Spearman's rank correlation (1904): the correlation of the ranks, so that ties need no correction. NaN of fewer than two values, of
    /// values that are all equal, and of NaN.
    /// </summary>
    public static double Spearman(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count) throw new ArgumentException($"{first.Count} and {second.Count} values are no pairs.");
        if (first.Concat(second).Any(double.IsNaN)) return double.NaN;
        var (x, y, mean) = (Ranks(first), Ranks(second), (first.Count + 1) / 2.0);
        double Sum(double[] one, double[] other) => one.Zip(other, (a, b) => (a - mean) * (b - mean)).Sum();
        return Sum(x, y) / Math.Sqrt(Sum(x, x) * Sum(y, y)); // 0/0 is NaN
    }

    /// <summary>
    /// The 95% interval of Spearman's correlation over so many things, by Fisher's transform with the variance (1 + r²/2)/(n - 3) (Bonett
    /// and Wright 2000, equation 3). NaN of fewer than four.
    /// </summary>
    public static (double Low, double High) Interval(double correlation, int count)
    {
        if (count < 4) return (double.NaN, double.NaN);
        var half = Z * Math.Sqrt((1 + (correlation * correlation / 2)) / (count - 3));
        return (Math.Tanh(Math.Atanh(correlation) - half), Math.Tanh(Math.Atanh(correlation) + half));
    }
}
