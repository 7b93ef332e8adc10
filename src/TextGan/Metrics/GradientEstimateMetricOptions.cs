namespace TextGan.Metrics;

/// <summary>
/// The estimator's gradient against the exact one, which is summed over every text that the generator can write, so that vocabulary and
/// length must be small (at most 250,000 texts, such as 12 tokens at 5 positions). The truth is the gradient of each discriminator's
/// expected loss (of 'gumbel-softmax': that which its 'objective' says, of one-hot tokens; else minus the reward) in the generator's
/// parameters. Of each discriminator NAME, as shares of the exact gradient's length:
/// "gradient-NAME-bias" (the distance of the mean estimate from the truth, what noise adds to it subtracted), "gradient-NAME-noise" (what
/// noise adds: a bias much below it is not seen), "gradient-NAME-scale" (how far the mean estimate reaches in the right direction: 1 where
/// it is unbiased), "gradient-NAME-cosine" (of the mean estimate with the truth, noise subtracted: the direction alone;
/// missing where noise hides it), "gradient-NAME-variance" (E ‖g - E g‖² / ‖truth‖² of an estimate from one training batch),
/// "gradient-NAME-single" (the mean cosine of a
/// single estimate with the truth: what a step is worth), and "gradient-NAME-norm" (the length itself). They are measured at every
/// evaluation of the adversarial phase, of the generator as it learns, with random numbers of its own; what baselines learn meanwhile is
/// forgotten.
/// </summary>
public sealed record GradientEstimateMetricOptions : MetricOptions
{
    /// <summary>Estimates, each from a batch of 'training.batch' texts. Default 400.</summary>
    [Range(2, 1_000_000)]
    public int Estimates { get; init; } = 400;

    /// <summary>
    /// Estimates before them that are not counted, from which baselines and control variates learn the present generator. Default 0: they
    /// are measured as the training has left them, except for what they learn from one estimate to the next.
    /// </summary>
    [Range(0, 1_000_000)]
    public int WarmUp { get; init; }

    public override bool IsAtEveryEvaluation => false;

    public override IMetric Build(MetricContext context)
    {
        var (tokenizer, length) = (context.Encoder.Tokenizer, context.Encoder.Length);
        if (AllTexts.Count(tokenizer.VocabularySize, length, tokenizer.EndId) > AllTexts.Most)
            throw MetricInput.Invalid("gradient-estimate",
                $"a generator of {Amount.Of(tokenizer.VocabularySize, "token")} can write more than {AllTexts.Most:N0} texts of " +
                $"{Amount.Of(length, "token")}, which cannot be summed over; take a smaller vocabulary or 'length', such as 12 and 5.");
        return new GradientEstimateMetric(Estimates, WarmUp);
    }
}
