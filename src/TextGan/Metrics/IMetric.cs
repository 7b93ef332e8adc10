namespace TextGan.Metrics;

/// <summary>Measures generated texts or the generator itself.</summary>
public interface IMetric
{
    /// <summary>
    /// Name → value of one evaluation, for example "self-bleu-2" → 0.71. Names are the same at every call: a metric that was asked
    /// for is never silently absent; what cannot be computed is NaN. The random state is its own.
    /// </summary>
    IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context);

    /// <summary>Whether this evaluation is one that it measures; where it is not, it gives no value.</summary>
    bool Measures(EvaluationContext context) => true;

    /// <summary>What is worth knowing about it before its first value, such as how good a judge it is; said once in a run.</summary>
    string? Finding => null;

    /// <summary>
    /// How many of <paramref name="drawn"/> generated texts its values rest on; null where they rest on none (likelihood of given texts).
    /// </summary>
    int? Samples(int drawn) => drawn;

    /// <summary>Why the value of this name is NaN, where it is: "no sample has 4 tokens".</summary>
    string WhyMissing(string name) => "it cannot be computed";
}
