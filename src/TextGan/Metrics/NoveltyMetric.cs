namespace TextGan.Metrics;

/// <summary>Shares of generated texts that are not training texts, and that repeat an earlier generated text.</summary>
/// <param name="training">Token ids of the training texts.</param>
public sealed class NoveltyMetric(IEnumerable<int[]> training) : IMetric
{
    readonly HashSet<int[]> known = new(training, TokenSequenceComparer.Instance);

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var texts = context.Tokens;
        var different = new HashSet<int[]>(texts, TokenSequenceComparer.Instance).Count;
        double Share(int count) => texts.Count == 0 ? double.NaN : (double)count / texts.Count;
        return new Dictionary<string, double>
        {
            ["novel"] = Share(texts.Count(text => !known.Contains(text))),
            ["duplicate"] = Share(texts.Count - different),
        };
    }
}
