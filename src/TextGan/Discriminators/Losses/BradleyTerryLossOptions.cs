namespace TextGan.Discriminators.Losses;

/// <summary>
/// A reward model after Bradley and Terry (as in 2203.02155): each chosen text should score above the rejected text of its pair.
/// Discriminator: -log σ(D(chosen) - D(rejected)), ln 2 at chance; generator: -D(x̃). Needs a data set of preferences. Only
/// differences of scores are learnt, so accuracy is counted from midway between the means of both sides.
/// </summary>
public sealed record BradleyTerryLossOptions : AdversarialLossOptions
{
    public override bool NeedsPairs => true;

    protected override string? WhyNoSmoothing => null;

    public override AdversarialLoss Build(BuildContext context) => new BradleyTerryLoss(LabelSmoothing);
}
