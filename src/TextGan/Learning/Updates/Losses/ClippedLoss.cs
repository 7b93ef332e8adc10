using TextGan.Learning.Objectives;

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

    /// <summary>What a text's length does to its weight: "none" (default), "text" (GRPO) or "tokens" (DAPO).</summary>
    public LengthNormalization LengthNormalization { get; init; }

    public override PolicyLoss Build(BuildContext context) => new ClippedLoss(Clip, LengthNormalization);
}

/// <summary>-(1/B) Σ_i Σ_t min(ρ A, clamp(ρ, 1 - ε, 1 + ε) A), or another mean over tokens.</summary>
public sealed class ClippedLoss(double clip, LengthNormalization normalization = LengthNormalization.None) : PolicyLoss
{
    public override Tensor Of(PolicyBatch batch)
    {
        var ratios = batch.Ratios(); // [B,T]
        var clipped = ratios.clamp(Held(1 - clip), Held(1 + clip)); // [B,T]
        return -normalization.Mean((ratios * batch.Advantages).minimum(clipped * batch.Advantages), batch.Response);
    }

    public override Tensor ClippedShare(PolicyBatch batch)
    {
        var (ratios, advantages) = (batch.Ratios(), batch.Advantages); // [B,T]
        var outside = ratios.gt(Held(1 + clip)).logical_and(advantages.gt(Held(0)))
            .logical_or(ratios.lt(Held(1 - clip)).logical_and(advantages.lt(Held(0))));
        return outside.sum() / batch.Response.sum().clamp_min(Held(1));
    }
}
