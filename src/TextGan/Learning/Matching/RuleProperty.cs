using TextGan.Data.Rules;

namespace TextGan.Learning.Matching;

/// <summary>An exact property of the decoded response: 1 where the rule holds, else 0.</summary>
public sealed class RuleProperty(TextRule rule, TextEncoder encoder) : ITextProperty
{
    public double[] Scores(TextBatch texts) =>
        [.. encoder.Responses(texts).Select(row => rule.Holds(encoder.Tokenizer.Decode(row)) ? 1.0 : 0)];

    public double Threshold(double[] real, double[] generated) => 0.5;
}
