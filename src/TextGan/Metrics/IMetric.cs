namespace TextGan.Metrics;

/// <summary>Measures generated texts or the generator itself.</summary>
public interface IMetric
{
    /// <summary>
    /// Name → value of one evaluation, for example "self-bleu-2" → 0.71. Names are the same at every call: a metric that was asked
    /// for is never silently absent; what cannot be computed is NaN.
    /// </summary>
    IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context);

    /// <summary>
    /// How many of <paramref name="drawn"/> generated texts its values rest on; null where they rest on none (likelihood of given texts).
    /// </summary>
    int? Samples(int drawn) => drawn;

    /// <summary>Why the value of this name is NaN, where it is: "no sample has 4 tokens".</summary>
    string WhyMissing(string name) => "it cannot be computed";
}
