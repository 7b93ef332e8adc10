namespace TextGan.Learning.Updates.Losses;

/// <summary>
/// The clipped ratio of PPO (Schulman et al., 1707.06347, equation 7): a token's probability gains nothing by leaving 1 ± clip times the
/// old one.
/// </summary>
public sealed record ClippedLossOptions : PolicyLossOptions
{
    /// <summary>ε: how far the ratio of new to old probability may go. Default 0.2.</summary>
    [Range(1e-6, 1.0)]
    public double Clip { get; init; } = 0.2;

    public override PolicyLoss Build(BuildContext context) => new ClippedLoss(Clip);
}

/// <summary>-(1/B) Σ_i Σ_t min(ρ A, clamp(ρ, 1 - ε, 1 + ε) A).</summary>
public sealed class ClippedLoss(double clip) : PolicyLoss
{
    public override Tensor Of(PolicyBatch batch)
    {
        var ratios = batch.Ratios(); // [B,T]
        var clipped = ratios.clamp(Held(1 - clip), Held(1 + clip)); // [B,T]
        return -(ratios * batch.Advantages).minimum(clipped * batch.Advantages).sum() / Held(batch.Batch);
    }
}
