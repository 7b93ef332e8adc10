namespace TextGan.Metrics;

/// <summary>The mean number of tokens of generated texts.</summary>
public sealed class LengthMetric : IMetric
{
    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context) => new Dictionary<string, double>
    {
        ["length"] = context.Tokens.Count == 0 ? double.NaN : context.Tokens.Average(text => text.Length),
    };
}
