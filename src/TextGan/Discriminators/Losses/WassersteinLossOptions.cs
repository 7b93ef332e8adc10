namespace TextGan.Discriminators.Losses;

/// <summary>
/// The Wasserstein loss (1701.07875) with gradient penalty (1704.00028). Discriminator: D(x̃) - D(x) + λ (‖∇D(x̂)‖ - 1)², with x̂
/// at random between a real and an opposing text. Generator: -D(x̃). Only differences of scores are learnt, so accuracy is
/// counted from midway between the means of both sides.
/// </summary>
public sealed record WassersteinLossOptions : AdversarialLossOptions
{
    /// <summary>λ: weight of the gradient penalty; 0 leaves it out, and then nothing bounds the scores. Default 10.</summary>
    [Range(0.0, 1e9)]
    public double GradientPenalty { get; init; } = 10;

    protected override string? WhyNoSmoothing =>
        "the Wasserstein loss is a difference of mean scores without labels; its gradient penalty bounds the scores.";

    public override bool DifferentiatesInputs => GradientPenalty > 0;

    public override AdversarialLoss Build(BuildContext context) => new WassersteinLoss(GradientPenalty);
}
