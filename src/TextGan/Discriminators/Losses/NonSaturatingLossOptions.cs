namespace TextGan.Discriminators.Losses;

/// <summary>
/// The first adversarial loss (Goodfellow et al. 1406.2661). Discriminator: ½ softplus(-D(x)) + ½ softplus(D(x̃)), the
/// cross-entropy of real against opposing texts, ln 2 at chance. Generator: -log σ(D(x̃)).
/// </summary>
public sealed record NonSaturatingLossOptions : AdversarialLossOptions
{
    public override bool IsNonNegative => true;

    protected override string? WhyNoSmoothing => null;

    public override AdversarialLoss Build(BuildContext context) => new NonSaturatingLoss(LabelSmoothing);
}
