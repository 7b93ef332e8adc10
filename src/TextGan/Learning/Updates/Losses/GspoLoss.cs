namespace TextGan.Learning.Updates.Losses;

/// <summary>
/// The clipped ratio of whole texts (GSPO; Zheng et al., 2507.18071, equations 5 and 7). A ratio is the geometric mean over the response's
/// tokens, so that its range is far narrower than that of a token's ratio. An advantage is the mean of those of the text's tokens.
/// </summary>
public sealed record GspoLossOptions : PolicyLossOptions
{
    /// <summary>How far the ratio may fall below 1. Default 0.0003, the paper's.</summary>
    [Range(1e-9, 1.0)]
    public double ClipLow { get; init; } = 3e-4;

    /// <summary>How far the ratio may rise above 1. Default 0.0004, the paper's.</summary>
    [Range(1e-9, 100.0)]
    public double ClipHigh { get; init; } = 4e-4;

    public override PolicyLoss Build(BuildContext context) => new GspoLoss(ClipLow, ClipHigh);
}

/// <summary>-(1/B) Σ_i min(s_i A_i, clamp(s_i, 1 - low, 1 + high) A_i) with s_i = exp(mean_t log ρ_it).</summary>
public sealed class GspoLoss(double low, double high) : PolicyLoss
{
    public override Tensor Of(PolicyBatch batch)
    {
        var (ratios, advantages) = OfTexts(batch);
        var clipped = ratios.clamp(Held(1 - low), Held(1 + high)); // [B]
        return -(ratios * advantages).minimum(clipped * advantages).sum() / Held(batch.Batch);
    }

    public override Tensor ClippedShare(PolicyBatch batch)
    {
        var (ratios, advantages) = OfTexts(batch);
        var outside = ratios.gt(Held(1 + high)).logical_and(advantages.gt(Held(0)))
            .logical_or(ratios.lt(Held(1 - low)).logical_and(advantages.lt(Held(0))));
        return outside.sum() / Held(batch.Batch);
    }

    /// <summary>s_i and A_i, each [B].</summary>
    static (Tensor Ratios, Tensor Advantages) OfTexts(PolicyBatch batch)
    {
        var lengths = batch.Response.sum(1).clamp_min(Held(1)); // [B]
        var ratios = (((batch.LogProbabilities - batch.Old) * batch.Response).sum(1) / lengths).exp(); // [B]
        return (ratios, batch.Advantages.sum(1) / lengths);
    }
}
