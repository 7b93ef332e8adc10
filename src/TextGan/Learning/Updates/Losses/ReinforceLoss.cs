using TextGan.Learning.Objectives;

namespace TextGan.Learning.Updates.Losses;

/// <summary>REINFORCE (Williams, 1992): -A log p, for texts that the generator has just written.</summary>
public sealed record ReinforceLossOptions : PolicyLossOptions
{
    public override bool IsOnPolicyOnly => true;

    /// <summary>What a text's length does to its weight: "none" (default), "text" (GRPO) or "tokens" (DAPO).</summary>
    public LengthNormalization LengthNormalization { get; init; }

    public override PolicyLoss Build(BuildContext context) => new ReinforceLoss(LengthNormalization);
}

/// <summary>-(1/B) Σ_i Σ_t A_it log p(x_it).</summary>
public sealed class ReinforceLoss(LengthNormalization normalization = LengthNormalization.None) : PolicyLoss
{
    public override bool IsLinear => true;

    public override Tensor Of(PolicyBatch batch) => -normalization.Mean(batch.Advantages * batch.LogProbabilities, batch.Response);
}
