namespace TextGan.Tests.Learning;

/// <summary>Mean and standard error of many estimates of a gradient, and how far they are from the exact one.</summary>
sealed class GradientStatistics(int size)
{
    readonly double[] sums = new double[size];
    readonly double[] squares = new double[size];
    int count;

    public void Add(double[] estimate)
    {
        for (var i = 0; i < size; i++)
        {
            sums[i] += estimate[i];
            squares[i] += estimate[i] * estimate[i];
        }
        count++;
    }

    public double[] Mean => [.. sums.Select(s => s / count)];

    public double[] StandardError =>
        [.. sums.Zip(squares, (s, q) => Math.Sqrt(Math.Max(0, q / count - s / count * (s / count)) / (count - 1)))];

    /// <summary>
    /// The mean of squared (estimate - exact)/standard error over coordinates that vary: 1 on average for an unbiased estimate.
    /// </summary>
    public double MeanSquareError(double[] exact)
    {
        var (mean, error) = (Mean, StandardError);
        double[] z = [.. Enumerable.Range(0, size).Where(i => error[i] > 1e-9).Select(i => (mean[i] - exact[i]) / error[i])];
        return z.Sum(x => x * x) / z.Length;
    }

    public double LargestDeviation(double[] exact)
    {
        var (mean, error) = (Mean, StandardError);
        return Enumerable.Range(0, size).Max(i => Math.Abs(mean[i] - exact[i]) / Math.Max(error[i], 1e-9));
    }

    public double TotalVariance => sums.Zip(squares, (s, q) => q / count - s / count * (s / count)).Sum();

    /// <summary>‖mean - exact‖ / ‖exact‖.</summary>
    public double RelativeBias(double[] exact) => Norm([.. Mean.Zip(exact, (m, e) => m - e)]) / Norm(exact);

    public double Cosine(double[] exact) => Mean.Zip(exact, (m, e) => m * e).Sum() / Norm(Mean) / Norm(exact);

    static double Norm(double[] x) => Math.Sqrt(x.Sum(v => v * v));
}
