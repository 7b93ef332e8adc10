namespace TextGan.Metrics.Judges;

/// <summary>
/// Σ_i ln(1 + exp(-m_i)) + λ/2 Σ_k w_k², with the margin m_i of an example the weighted sum of its entries. The last weight is the
/// constant, which has no penalty.
/// </summary>
/// <param name="examples">The columns and values of each.</param>
/// <param name="penalty">λ.</param>
public sealed class LogisticLoss(IReadOnlyList<(int Column, double Value)[]> examples, double penalty)
{
    /// <summary>The value at <paramref name="weights"/>; writes its gradient.</summary>
    public double Evaluate(double[] weights, double[] gradient)
    {
        var value = 0.0;
        for (var k = 0; k < weights.Length; k++)
        {
            gradient[k] = k == weights.Length - 1 ? 0 : penalty * weights[k];
            value += gradient[k] * weights[k] / 2;
        }
        foreach (var example in examples)
        {
            var margin = 0.0;
            foreach (var (column, entry) in example) margin += weights[column] * entry;
            var small = Math.Exp(-Math.Abs(margin));
            value += Math.Max(-margin, 0) + Math.Log(1 + small); // ln(1 + exp(-m)) without overflow
            var slope = -(margin > 0 ? small : 1) / (1 + small); // -σ(-m)
            foreach (var (column, entry) in example) gradient[column] += slope * entry;
        }
        return value;
    }
}
