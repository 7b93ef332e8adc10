namespace TextGan.Metrics;

/// <summary>Measures generated texts or the generator itself.</summary>
public interface IMetric
{
    /// <summary>
    /// Name → value of one evaluation, for example "self-bleu-2" → 0.71. Names are the same at every call: a metric that was asked
    /// for is never silently absent; what cannot be computed is NaN.
    /// </summary>
    IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context);
}
