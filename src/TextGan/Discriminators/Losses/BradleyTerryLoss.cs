namespace TextGan.Discriminators.Losses;

/// <summary>
/// A reward model on preference pairs: L_D = (-(D(chosen) - D(rejected))).Softplus() over index-matched pairs (Ouyang et al.
/// 2203.02155, equation 1); L_G = -D(x̃): the logit is the reward. The logit of a pair counts where both sides' masks do.
/// </summary>
public sealed class BradleyTerryLoss : AdversarialLoss
{
    public override Tensor DiscriminatorLoss(DiscriminatorOutput real, DiscriminatorOutput opposing)
    {
        Logits.RequirePairs(real, opposing);
        return Logits.MeanOfEach((opposing.Logits - real.Logits).Softplus(), Logits.Common(real.Mask, opposing.Mask)).mean();
    }

    public override Tensor GeneratorLoss(DiscriminatorOutput generated, DiscriminatorOutput? real) => -generated.SequenceLogits(); // [B]

    public override Tensor Threshold(DiscriminatorOutput real, DiscriminatorOutput opposing) => Midpoint(real, opposing);
}
