using TextGan.Data;

namespace TextGan.Metrics;

/// <summary>The area under the ROC curve as a rank statistic (Mann and Whitney 1947; Hanley and McNeil 1982), and its interval.</summary>
public static class RankStatistic
{
    const int Resamples = 1000;

    /// <summary>The probability that a positive scores above a negative, a tie counting half; NaN without either, or of NaN.</summary>
    public static double Auc(IReadOnlyCollection<double> positives, IReadOnlyCollection<double> negatives)
    {
        if (positives.Count == 0 || negatives.Count == 0 || positives.Concat(negatives).Any(double.IsNaN)) return double.NaN;
        double[] below = [.. negatives.Order()];
        var sum = 0.0;
        foreach (var score in positives)
        {
            var (first, after) = (Position(below, score, orEqual: false), Position(below, score, orEqual: true));
            sum += first + ((after - first) / 2.0);
        }
        return sum / ((double)positives.Count * negatives.Count);
    }

    /// <summary>
    /// The area with its standard error: of the variances of the texts' placements, the shares of the other side that they rank above
    /// (DeLong, DeLong and Clarke-Pearson 1988, equation 5). The error is NaN with fewer than two texts of a side.
    /// </summary>
    public static (double Auc, double Error) AucAndError(IReadOnlyCollection<double> positives, IReadOnlyCollection<double> negatives)
    {
        var auc = Auc(positives, negatives);
        if (double.IsNaN(auc)) return (auc, auc);
        double Variance(IReadOnlyCollection<double> of, IReadOnlyCollection<double> among)
        {
            double[] sorted = [.. among.Order()];
            var deviation = MeanAndError.Deviation([.. of.Select(score =>
                (Position(sorted, score, orEqual: false) + Position(sorted, score, orEqual: true)) / (2.0 * sorted.Length))]);
            return deviation * deviation / of.Count;
        }
        return (auc, Math.Sqrt(Variance(positives, negatives) + Variance(negatives, positives)));
    }

    /// <summary>How many of sorted numbers are below <paramref name="score"/>, or equal to it.</summary>
    static int Position(double[] sorted, double score, bool orEqual)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < score || (orEqual && sorted[middle] == score)) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// <summary>
    /// The mean AUC of several judges of the same texts, with a 95% interval: the 2.5% and 97.5% points over texts that are drawn again
    /// with replacement, each side by itself (the percentile bootstrap, Efron 1979).
    /// </summary>
    /// <param name="judges">Of each judge the scores of the positives and of the negatives.</param>
    /// <param name="seed">Of the texts that are drawn.</param>
    public static (double Auc, double Low, double High) Mean(
        IReadOnlyList<(double[] Positives, double[] Negatives)> judges, long seed)
    {
        var auc = judges.Average(judge => Auc(judge.Positives, judge.Negatives));
        if (double.IsNaN(auc)) return (auc, auc, auc);
        var random = new SeededRandom(seed, "bootstrap");
        int[] Drawn(int count) => [.. Enumerable.Range(0, count).Select(_ => (int)(random.NextDouble() * count))];
        double[] drawn = [.. Enumerable.Range(0, Resamples).Select(_ =>
        {
            var (positives, negatives) = (Drawn(judges[0].Positives.Length), Drawn(judges[0].Negatives.Length));
            return judges.Average(judge =>
                Auc([.. positives.Select(i => judge.Positives[i])], [.. negatives.Select(i => judge.Negatives[i])]));
        }).Order()];
        return (auc, drawn[(int)(0.025 * Resamples)], drawn[(int)(0.975 * Resamples)]);
    }
}
