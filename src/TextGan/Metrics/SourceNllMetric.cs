using TextGan.Data;

namespace TextGan.Metrics;

/// <summary>
/// Mean negative log-probability per token of generated texts under an exact source, and the share of texts that it can produce.
/// </summary>
public sealed class SourceNllMetric(IExactSource source) : IMetric
{
    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var logProbabilities = source.LogProbabilities(context.Texts);
        var (total, tokens, supported) = (0.0, 0L, 0);
        for (var i = 0; i < logProbabilities.Count; i++)
        {
            if (double.IsNegativeInfinity(logProbabilities[i])) continue;
            total -= logProbabilities[i];
            tokens += context.Tokens[i].Length;
            supported++;
        }
        return new Dictionary<string, double>
        {
            ["source-nll"] = tokens == 0 ? double.NaN : total / tokens,
            ["source-support"] = logProbabilities.Count == 0 ? double.NaN : (double)supported / logProbabilities.Count,
        };
    }

    public string WhyMissing(string name) => "the source can produce no sample";
}
