namespace TextGan.Reporting.Documents;

/// <summary>
/// The mean difference between two experiments whose runs are paired by seed, with its 95% interval by Student's t with n - 1 degrees of
/// freedom. A permutation of signs would not do: with three pairs its p value cannot fall below .25.
/// </summary>
/// <param name="Mean">Mean of the differences; NaN without any.</param>
/// <param name="Low">The interval's lower end; NaN of fewer than two pairs.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Count">Pairs.</param>
public sealed record PairedDifference(double Mean, double Low, double High, int Count)
{
    /// <summary>Whether the interval leaves 0 out.</summary>
    public bool ExcludesZero => Low > 0 || High < 0;

    /// <summary>The interval of the differences, one for each pair; those that are not finite are left out.</summary>
    public static PairedDifference Of(IEnumerable<double> differences)
    {
        double[] all = [.. differences.Where(double.IsFinite)];
        if (all.Length == 0) return new(double.NaN, double.NaN, double.NaN, 0);
        var mean = all.Average();
        if (all.Length == 1) return new(mean, double.NaN, double.NaN, 1);
        var deviation = Math.Sqrt(all.Sum(one => (one - mean) * (one - mean)) / (all.Length - 1));
        var half = StudentT.Quantile(0.95, all.Length - 1) * deviation / Math.Sqrt(all.Length);
        return new(mean, mean - half, mean + half, all.Length);
    }
}
