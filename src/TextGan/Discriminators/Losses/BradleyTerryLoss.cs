namespace TextGan.Discriminators.Losses;

/// <summary>
/// A reward model on preference pairs: L_D = (-(D(chosen) - D(rejected))).Softplus() over index-matched pairs (Ouyang et al.
/// 2203.02155, equation 1); L_G = -D(x̃): the logit is the reward. The logit of a pair counts where both sides' masks do. A generated
/// text among the opponents takes the place of a rejected text.
/// With label smoothing α, for labels of which that share is wrong: (1 - α) softplus(-d) + α softplus(d) with d = D(chosen) - D(rejected)
/// (conservative, as in Mitchell, "A note on DPO with noisy preferences", 2023).
/// </summary>
/// <param name="smoothing">α.</param>
public sealed class BradleyTerryLoss(double smoothing = 0) : AdversarialLoss
{
    public override Tensor DiscriminatorLoss(DiscriminatorOutput real, DiscriminatorOutput opposing)
    {
        Logits.RequirePairs(real, opposing);
        var behind = opposing.Logits - real.Logits; // -d
        var losses = behind.Softplus();
        if (smoothing > 0) losses = losses - behind * Held(smoothing); // softplus(d) = softplus(-d) + d
        return Logits.MeanOfEach(losses, Logits.Common(real.Mask, opposing.Mask)).mean();
    }

    public override Tensor GeneratorLoss(DiscriminatorOutput generated, DiscriminatorOutput? real) => -generated.SequenceLogits(); // [B]

    public override Tensor Threshold(DiscriminatorOutput real, DiscriminatorOutput opposing) => Midpoint(real, opposing);
}
