namespace TextGan.Discriminators.Losses;

/// <summary>
/// A reward model after Bradley and Terry (as in 2203.02155): each chosen text should score above the rejected text of its pair.
/// Discriminator: -log σ(D(chosen) - D(rejected)), ln 2 at chance; generator: -D(x̃). Only differences of scores are learnt, so accuracy
/// is counted from midway between the means of both sides. With a data set of preferences and
/// "opponents": { "generated": 1, "rejected": 3 } a quarter of each batch's chosen texts should score above generated texts
/// instead, so that a discriminator which learns all the time sees what the generator does to please it. Without rejected texts in the
/// data set, all opponents are generated: generative adversarial distillation (Ye et al. 2511.10643, equation 2) if the real texts are a
/// teacher's. A real text is compared with a generated one that answers the same prompt; without prompts, with any.
/// </summary>
public sealed record BradleyTerryLossOptions : AdversarialLossOptions
{
    public override bool NeedsPairs => true;

    protected override string? WhyNoSmoothing => null;

    public override AdversarialLoss Build(BuildContext context) => new BradleyTerryLoss(LabelSmoothing);
}
