namespace TextGan.Learning.Updates.Losses;

/// <summary>A pure function of log-probabilities and advantages; smaller is better.</summary>
public abstract class PolicyLoss
{
    /// <summary>
    /// Whether the loss of a weighted sum of advantages is the weighted sum of the losses. If it is not, the discriminators' advantages are
    /// summed before the loss is taken (unless a combiner needs one gradient per term).
    /// </summary>
    public virtual bool IsLinear => false;

    /// <summary>A scalar, differentiable in <see cref="PolicyBatch.LogProbabilities"/>.</summary>
    public abstract Tensor Of(PolicyBatch batch);

    /// <summary>
    /// The share of the batch's tokens (or texts, where ratios are those of texts) that have no gradient because their ratio is clipped, a
    /// 0-dim tensor; null where nothing is clipped.
    /// </summary>
    public virtual Tensor? ClippedShare(PolicyBatch batch) => null;

    /// <summary><see cref="Of"/>, checked where a plug-in brought the loss.</summary>
    internal Tensor CheckedOf(PolicyBatch batch)
    {
        var loss = Of(batch);
        PluginComponent.OfBuilt(this)?.Floats(this, "a loss", loss, [], batch.LogProbabilities.device, nameof(Of));
        return loss;
    }
}
