namespace TextGan.Learning.Rewards;

/// <summary>The logit D itself, whatever the discriminator's loss.</summary>
public sealed record LogitRewardOptions : RewardTransformOptions
{
    public override RewardTransform Build(BuildContext context) => new LogitReward();
}

/// <summary>D.</summary>
public sealed class LogitReward : RewardTransform
{
    public override Tensor Of(Tensor judged) => judged.alias();
}
