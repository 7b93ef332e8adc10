using System.Globalization;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Scaling;

/// <summary>seconds = c · V^α · T^β · B^γ · H^δ, fitted by least squares of the logarithms.</summary>
sealed record PowerLaw(double Factor, double V, double T, double B, double H)
{
    public static PowerLaw Fit(IReadOnlyCollection<ScalingPoint> points)
    {
        using var scope = NewDisposeScope();
        var rows = points.SelectMany(point => Row(point.Sizes)).ToArray();
        var a = tensor(rows, [points.Count, 5], float64);
        var b = tensor(points.Select(point => Math.Log(point.Seconds)).ToArray(), [points.Count, 1], float64);
        var x = linalg.lstsq(a, b).Solution.data<double>().ToArray();
        return new PowerLaw(Math.Exp(x[0]), x[1], x[2], x[3], x[4]);
    }

    public double Seconds(ScalingSizes sizes) =>
        Factor * Math.Pow(sizes.Vocabulary, V) * Math.Pow(sizes.Length, T) * Math.Pow(sizes.Batch, B) * Math.Pow(sizes.Width, H);

    /// <summary>The largest factor by which the law misses a point.</summary>
    public double Worst(IEnumerable<ScalingPoint> points) =>
        points.Max(point => Math.Exp(Math.Abs(Math.Log(point.Seconds / Seconds(point.Sizes)))));

    static double[] Row(ScalingSizes sizes) =>
        [1, Math.Log(sizes.Vocabulary), Math.Log(sizes.Length), Math.Log(sizes.Batch), Math.Log(sizes.Width)];

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Factor:0.00E+0} s · V^{V:F2} · T^{T:F2} · B^{B:F2} · H^{H:F2}");
}
