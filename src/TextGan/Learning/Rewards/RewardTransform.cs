namespace TextGan.Learning.Rewards;

/// <summary>Judgements → rewards. Computed without a gradient.</summary>
public abstract class RewardTransform
{
    /// <summary>Whether <see cref="Of"/> gets the generator's loss of each text instead of the discriminator's logit.</summary>
    public virtual bool ReadsLoss => false;

    /// <summary>
    /// The rewards, of the same shape and on the same device, as a new tensor. <paramref name="judged"/> is [B] for whole texts (all that
    /// were judged together, so that a transform may normalise over them), or [B,S] for each of a text's S logits.
    /// </summary>
    public abstract Tensor Of(Tensor judged);
}
