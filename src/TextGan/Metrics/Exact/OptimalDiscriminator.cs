namespace TextGan.Metrics.Exact;

/// <summary>D* = p/(p + q) (Goodfellow et al. 1406.2661, proposition 1).</summary>
/// <param name="truth">ln p of each text; negative infinity where it is 0.</param>
/// <param name="generator">ln q.</param>
public sealed class OptimalDiscriminator(IReadOnlyList<double> truth, IReadOnlyList<double> generator)
{
    /// <summary>D* of a text.</summary>
    public double Probability(int i) => Sigmoid(truth[i] - generator[i]);

    /// <summary>½ (p + q): how often a text is among those that it judges.</summary>
    public double Weight(int i) => (Math.Exp(truth[i]) + Math.Exp(generator[i])) / 2;

    /// <summary>Σ ½ (p + q) f.</summary>
    public double Mean(Func<int, double> f) => Enumerable.Range(0, truth.Count).Sum(i => Weight(i) * f(i));

    public static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));
}
