namespace TextGan.Learning.Rewards;

/// <summary>σ(D) of the logit D, SeqGAN's (1609.05473).</summary>
public sealed record ProbabilityRewardOptions : RewardTransformOptions
{
    public override RewardTransform Build(BuildContext context) => new ProbabilityReward();
}

/// <summary>σ(D).</summary>
public sealed class ProbabilityReward : RewardTransform
{
    public override Tensor Of(Tensor judged) => judged.sigmoid();
}
