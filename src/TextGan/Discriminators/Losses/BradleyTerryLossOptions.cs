namespace TextGan.Discriminators.Losses;

/// <summary>
/// A reward model after Bradley and Terry (as in 2203.02155): each chosen text should score above the rejected text of its pair.
/// Discriminator: -log σ(D(chosen) - D(rejected)), ln 2 at chance; generator: -D(x̃). Needs a data set of preferences. Only
/// differences of scores are learnt, so accuracy is counted from midway between the means of both sides. With
/// "opponents": { "generated": 1, "rejected": 3 } a quarter of each batch's chosen texts should score above generated texts
/// instead (as in 2511.10643, but with prompts each text may answer another one), so that a discriminator which learns all the
/// time sees what the generator does to please it.
/// </summary>
public sealed record BradleyTerryLossOptions : AdversarialLossOptions
{
    public override bool NeedsPairs => true;

    protected override string? WhyNoSmoothing => null;

    public override AdversarialLoss Build(BuildContext context) => new BradleyTerryLoss(LabelSmoothing);
}
