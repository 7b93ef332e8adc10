namespace TextGan.Metrics;

/// <summary>Bias and variance of an estimator (<see cref="GradientEstimateMetricOptions"/>).</summary>
/// <param name="estimates">N.</param>
/// <param name="warmUp">Estimates that are made before them.</param>
public sealed class GradientEstimateMetric(int estimates, int warmUp = 0) : IMetric
{
    /// <summary>What rounding leaves of a gradient that is 0, and more.</summary>
    const double Nothing = 1e-6;

    public bool Measures(EvaluationContext context) => context.Gradients is { Judges.Count: > 0 };

    public int? Samples(int drawn) => estimates;

    public string WhyMissing(string name) => "the exact gradient is 0, or too short to tell from rounding" +
        (name.EndsWith("-cosine", StringComparison.Ordinal) ? ", or noise hides the direction of the mean estimate: take more estimates"
            : "");

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        using var scope = NewDisposeScope();
        var probe = context.Gradients!;
        var exact = probe.Exact(); // [K,P] float64
        var (sum, squares, cosines) = (zeros_like(exact), zeros(exact.shape[0], float64), zeros(exact.shape[0], float64));
        var length = exact.Squared().sum(1).sqrt(); // [K]
        probe.Estimate(warmUp, estimates, estimate =>
        {
            using var _ = no_grad();
            var squared = estimate.Squared().sum(1); // [K]
            sum.AddInPlace(estimate);
            squares.AddInPlace(squared);
            cosines.AddInPlace((estimate * exact).sum(1) / (squared.sqrt() * length).clamp_min(Held(1e-300)));
        });
        var mean = sum / Held((double)estimates); // [K,P]
        var meanSquared = mean.Squared().sum(1);
        var variance = (squares / Held((double)estimates) - meanSquared) * Held(estimates / (estimates - 1.0)); // E ‖g - E g‖², [K]
        var noise = variance / Held((double)estimates); // of the mean
        var along = (mean * exact).sum(1); // [K]
        var bias = ((mean - exact).Squared().sum(1) - noise).clamp_min(Held(0.0)).sqrt();
        var signal = meanSquared - noise; // ‖E g‖² [K]; not above 0 where noise hides the direction
        var cosine = where(signal.gt(Held(0.0)), (along / (length * signal.sqrt())).clamp(Held(-1.0), Held(1.0)),
            full_like(signal, Held(double.NaN)));
        (string Name, Tensor Values)[] found =
        [
            ("bias", bias / length), ("noise", noise.sqrt() / length), ("scale", along / length.Squared()), ("cosine", cosine),
            ("variance", variance / length.Squared()), ("single", cosines / Held((double)estimates)), ("norm", length),
        ];
        var lengths = length.data<double>().ToArray();
        var values = new Dictionary<string, double>();
        foreach (var (name, tensor) in found)
        {
            var each = tensor.data<double>().ToArray();
            for (var k = 0; k < each.Length; k++)
                values[$"gradient-{probe.Judges[k]}-{name}"] = lengths[k] > Nothing || name == "norm" ? each[k] : double.NaN;
        }
        return values;
    }
}
