namespace TextGan.Learning.Rewards;

/// <summary>log σ(D) of the logit D.</summary>
public sealed record LogProbabilityRewardOptions : RewardTransformOptions
{
    public override RewardTransform Build(BuildContext context) => new LogProbabilityReward();
}

/// <summary>log σ(D).</summary>
public sealed class LogProbabilityReward : RewardTransform
{
    public override Tensor Of(Tensor judged) => nn.functional.logsigmoid(judged);
}
