namespace TextGan.Metrics;

/// <summary>
/// How likely another model finds the generated texts: "model-nll" is the mean of -ln p(token | the tokens before it) over all tokens of
/// the texts, in nats per token, and "model-perplexity" its exponential. A text's end token counts as a token; of a text with a prompt the
/// tokens of the prompt are read and not counted. The model is the generator as it was at the start of the adversarial phase. Low values
/// alone are no sign of good texts: few likely texts repeated have the lowest.
/// </summary>
public sealed record ModelNllMetricOptions : MetricOptions
{
    public override bool NeedsReference => true;

    public override IReadOnlyList<string>? ValueNames => ["model-nll", "model-perplexity"];

    public override IMetric Build(MetricContext context) => new ModelNllMetric(context.Encoder.Tokenizer.StartId);
}
