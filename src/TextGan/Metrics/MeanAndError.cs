namespace TextGan.Metrics;

/// <summary>A mean with its standard error.</summary>
public static class MeanAndError
{
    /// <summary>The mean, and the sample's standard deviation over the root of the number; NaN where there are too few values.</summary>
    public static (double Mean, double Error) Of(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0) return (double.NaN, double.NaN);
        return (values.Average(), Deviation(values) / Math.Sqrt(values.Count));
    }

    /// <summary>The sample's standard deviation, of n - 1; NaN of fewer than two values.</summary>
    public static double Deviation(IReadOnlyCollection<double> values)
    {
        if (values.Count < 2) return double.NaN;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }
}
