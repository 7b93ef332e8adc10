namespace TextGan.Learning.Rewards;

/// <summary>
/// MaliGAN's importance weights (Che et al., 1702.07983): r = D/(1 - D) of a probability D, divided by the mean of r over the texts that
/// are judged together. Right for losses whose logit is that of a probability ("non-saturating"), and meant for rewards of whole texts. The
/// paper's baseline b is a baseline's business: the mean is 1, so that "leave-one-out" gives b = 1, times B/(B - 1).
/// </summary>
public sealed record MaliGanRewardOptions : RewardTransformOptions
{
    public override RewardTransform Build(BuildContext context) => new MaliGanReward();
}

/// <summary>B r_i/Σ_j r_j with r = exp(logit) = σ/(1 - σ): B times the softmax over the batch, which no logit makes overflow.</summary>
public sealed class MaliGanReward : RewardTransform
{
    public override Tensor Of(Tensor judged) => judged.softmax(0) * Held(judged.shape[0]);
}
