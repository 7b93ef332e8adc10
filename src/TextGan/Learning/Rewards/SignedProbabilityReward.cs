namespace TextGan.Learning.Rewards;

/// <summary>2σ(D) - 1 of the logit D, ScratchGAN's (1905.09922).</summary>
public sealed record SignedProbabilityRewardOptions : RewardTransformOptions
{
    public override RewardTransform Build(BuildContext context) => new SignedProbabilityReward();
}

/// <summary>2σ(D) - 1.</summary>
public sealed class SignedProbabilityReward : RewardTransform
{
    public override Tensor Of(Tensor judged) => Held(2) * judged.sigmoid() - Held(1);
}
