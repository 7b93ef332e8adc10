using TextGan.Data;

namespace TextGan.Metrics;

/// <summary>The share of generated texts that have each attribute of an exact source.</summary>
public sealed class AttributesMetric(IExactSource source) : IMetric
{
    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context) => source.Attributes.ToDictionary(
        attribute => attribute,
        attribute => context.Texts.Count == 0 ? double.NaN
            : (double)source.Judge(attribute, context.Texts).Count(has => has) / context.Texts.Count);
}
