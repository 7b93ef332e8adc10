namespace TextGan.Learning.Rewards;

/// <summary>The stage "score": runs a judge on its own device and turns its outputs into rewards.</summary>
/// <param name="transform">What a judgement becomes as a reward.</param>
/// <param name="device">Where the rewards are wanted: the generator's device.</param>
public sealed class RewardScorer(RewardTransform transform, Device device)
{
    /// <summary>The reward of each whole text, [B].</summary>
    /// <param name="judge">Who judges.</param>
    /// <param name="texts">B texts on the judge's device.</param>
    public Tensor OfTexts(Judge judge, TextBatch texts) =>
        Of(transform.ReadsLoss ? judge.GeneratorLoss(texts) : judge.Score(texts).SequenceLogits());

    /// <summary>The reward of each of a text's S logits by itself, [B,S]; any number where a logit does not count.</summary>
    /// <inheritdoc cref="OfTexts"/>
    public Tensor OfLogits(Judge judge, TextBatch texts) =>
        Of(transform.ReadsLoss ? judge.GeneratorLosses(texts) : judge.Score(texts).Logits);

    Tensor Of(Tensor judged)
    {
        var rewards = transform.Of(judged);
        PluginComponent.OfBuilt(transform)?.Floats(transform, "rewards", rewards, judged.shape, judged.device);
        return rewards.to(device);
    }
}
