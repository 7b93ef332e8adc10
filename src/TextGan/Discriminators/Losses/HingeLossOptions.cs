namespace TextGan.Discriminators.Losses;

/// <summary>
/// The hinge loss of Lim and Ye (1705.02894). Discriminator: relu(1 - D(x)) + relu(1 + D(x̃)), 2 at chance; logits beyond the
/// margin of 1 no longer teach. Generator: -D(x̃).
/// </summary>
public sealed record HingeLossOptions : AdversarialLossOptions
{
    protected override string? WhyNoSmoothing =>
        "the hinge loss has margins and no labels: logits beyond a margin teach nothing more, which is what smoothing is for.";

    public override AdversarialLoss Build(BuildContext context) => new HingeLoss();
}
