using TextGan.Metrics.LanguageModels;

namespace TextGan.Metrics;

/// <summary>
/// Quality and diversity by one kind of language model, in nats per token, lower is better. "lm-score-MODEL" is the negative log-likelihood
/// of the generated texts under a model that has learnt from the training texts; it is low for a few likely texts repeated.
/// "reverse-lm-score-MODEL" is that of held-out texts under a model of the same kind that has learnt from the generated texts: texts that
/// are missing among them raise it, and so do bad ones. MODEL is "n-gram" or "lstm". The same of real texts, "...-real", is the yardstick:
/// the score of the held-out texts, and the reverse score of as many training texts as there are samples. A text's end token counts as a
/// token. The reverse score falls with the number of samples, so compare like with like.
/// </summary>
public sealed record LanguageModelScoreMetricOptions : MetricOptions
{
    /// <summary>
    /// "n-gram" (default): trigrams with Witten-Bell smoothing, which takes no time to learn. "lstm": one layer of 128 units, embeddings of
    /// 64, Adam with learning rate 0.003, early stopping on a tenth of the texts.
    /// </summary>
    public ScoringModelKind Model { get; init; } = ScoringModelKind.NGram;

    /// <summary>Training texts that a model learns from at most, spread evenly over them. Default 10000.</summary>
    [Range(1, int.MaxValue)]
    public int Limit { get; init; } = 10_000;

    /// <summary>Held-out texts at most, spread evenly over them. Default 1000.</summary>
    [Range(1, int.MaxValue)]
    public int HeldOut { get; init; } = 1000;

    public override bool NeedsData => true;

    public override bool NeedsHeldOut => true;

    public override string NameEnd => ScoringModel.NameOf(Model);

    public override IReadOnlyList<string>? ValueNames => LanguageModelScoreMetric.NamesOf(NameEnd);

    public override IMetric Build(MetricContext context) =>
        new LanguageModelScoreMetric(NameEnd, Scores(context, "language-model-score", Data, Model, Limit, HeldOut), context.Encoder);

    /// <summary>Scores by the training and held-out texts of a data set.</summary>
    internal static LanguageModelScores Scores(
        MetricContext context, string kind, string? data, ScoringModelKind model, int limit, int heldOut)
    {
        IReadOnlyList<int[]> Of(ReferenceSplit split, int most) => WholeTexts.Of(context.Texts(kind, data, split, most), context.Encoder);
        return new(model, Of(ReferenceSplit.Train, limit), Of(ReferenceSplit.HeldOut, heldOut), context.Encoder, context.Device);
    }
}
