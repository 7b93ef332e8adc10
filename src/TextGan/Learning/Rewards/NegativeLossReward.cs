namespace TextGan.Learning.Rewards;

/// <summary>
/// Minus the text's own generator loss under the discriminator's loss, with its targets and its comparison with real texts, for example
/// -½ (D - generatorTarget)² for "least-squares": what Gumbel-softmax lowers. Where texts are compared with the mean of the others, only
/// its own side is credited.
/// </summary>
public sealed record NegativeLossRewardOptions : RewardTransformOptions
{
    public override RewardTransform Build(BuildContext context) => new NegativeLossReward();
}

/// <summary>Minus the generator's loss.</summary>
public sealed class NegativeLossReward : RewardTransform
{
    public override bool ReadsLoss => true;

    public override Tensor Of(Tensor judged) => -judged;
}
