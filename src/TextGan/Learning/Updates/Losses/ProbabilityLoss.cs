using TextGan.Learning.Objectives;

namespace TextGan.Learning.Updates.Losses;

/// <summary>
/// SentiGAN's objective (Wang and Wan, 2018, equation 2): the probability of a drawn token in the place of its logarithm, so that tokens
/// that are improbable anyway move little. With a penalty V as minus the advantage it is V p. Its gradient, A p ∇log p, is not that of an
/// expected reward.
/// </summary>
public sealed record ProbabilityLossOptions : PolicyLossOptions
{
    public override bool IsOnPolicyOnly => true;

    /// <summary>What a text's length does to its weight: "none" (default), "text" (GRPO) or "tokens" (DAPO).</summary>
    public LengthNormalization LengthNormalization { get; init; }

    public override PolicyLoss Build(BuildContext context) => new ProbabilityLoss(LengthNormalization);
}

/// <summary>-(1/B) Σ_i Σ_t A_it p(x_it | x_i,&lt;t).</summary>
public sealed class ProbabilityLoss(LengthNormalization normalization = LengthNormalization.None) : PolicyLoss
{
    public override bool IsLinear => true;

    public override Tensor Of(PolicyBatch batch) => -normalization.Mean(batch.Advantages * batch.LogProbabilities.exp(), batch.Response);
}
