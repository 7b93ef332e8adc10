namespace TextGan.Metrics;

/// <summary>Distinct-n (Li et al. 2016, 1510.03055): different n-grams of a set of texts divided by all its n-grams.</summary>
public static class DistinctNGrams
{
    /// <summary>Distinct-1 .. distinct-<paramref name="maximumOrder"/>: distinct-n at index n-1, NaN where no text has n tokens.</summary>
    public static double[] Shares(IReadOnlyList<int[]> texts, int maximumOrder)
    {
        var index = new NGramIndex(texts, maximumOrder);
        var shares = new double[maximumOrder];
        for (var n = 1; n <= maximumOrder; n++)
        {
            var all = texts.Sum(text => Math.Max(0L, text.Length - n + 1));
            shares[n - 1] = all == 0 ? double.NaN : (double)index.DistinctCount(n) / all;
        }
        return shares;
    }
}
