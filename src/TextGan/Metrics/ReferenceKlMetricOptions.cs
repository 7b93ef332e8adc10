namespace TextGan.Metrics;

/// <summary>
/// How far the generator has moved: KL(generator ‖ reference) of whole texts in nats, where the reference is the generator as it was at the
/// start of the adversarial phase. By the chain rule it is the expected sum of the KLs of the next token's distributions along a text of
/// the generator. Each of these is summed over the whole vocabulary and only the prefixes are drawn, those of the evaluation's texts,
/// which varies less than the sum of log ratios of the drawn tokens and has the same mean. "reference-kl" is the mean over the texts,
/// "reference-kl-error" its standard error, "reference-distance" the square root of the KL, against which Gao et al. (2210.10760) draw
/// rewards. Prompts are read and not counted. Of a weight average the average is measured. It is measured in the adversarial phase, and
/// only if texts are sampled from the model's own distribution, which is what the KL is of.
/// </summary>
public sealed record ReferenceKlMetricOptions : MetricOptions
{
    public override bool NeedsReference => true;

    public override bool IsAtEveryEvaluation => false;

    public override IReadOnlyList<string>? ValueNames => [ReferenceKlMetric.Kl, ReferenceKlMetric.Error, ReferenceKlMetric.Distance];

    public override IMetric Build(MetricContext context) => new ReferenceKlMetric(context.Encoder.Tokenizer.StartId);
}
