using TextGan.Learning.Objectives;

namespace TextGan.Learning.Updates.Losses;

/// <summary>
/// Each token weighted by the ratio of its new to its old probability, so that texts of an earlier state of the generator can be learnt
/// from; without a bound.
/// </summary>
public sealed record ImportanceWeightedLossOptions : PolicyLossOptions
{
    /// <summary>What a text's length does to its weight: "none" (default), "text" (GRPO) or "tokens" (DAPO).</summary>
    public LengthNormalization LengthNormalization { get; init; }

    public override PolicyLoss Build(BuildContext context) => new ImportanceWeightedLoss(LengthNormalization);
}

/// <summary>-(1/B) Σ_i Σ_t ρ_it A_it, whose gradient is that of REINFORCE times ρ.</summary>
public sealed class ImportanceWeightedLoss(LengthNormalization normalization = LengthNormalization.None) : PolicyLoss
{
    public override bool IsLinear => true;

    public override Tensor Of(PolicyBatch batch) => -normalization.Mean(batch.Ratios() * batch.Advantages, batch.Response);
}
