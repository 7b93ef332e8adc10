namespace TextGan.Learning.Updates.Losses;

/// <summary>
/// Each token weighted by the ratio of its new to its old probability, so that texts of an earlier state of the generator can be learnt
/// from; without a bound.
/// </summary>
public sealed record ImportanceWeightedLossOptions : PolicyLossOptions
{
    public override PolicyLoss Build(BuildContext context) => new ImportanceWeightedLoss();
}

/// <summary>-(1/B) Σ_i Σ_t ρ_it A_it, whose gradient is that of REINFORCE times ρ.</summary>
public sealed class ImportanceWeightedLoss : PolicyLoss
{
    public override bool IsLinear => true;

    public override Tensor Of(PolicyBatch batch) => -(batch.Ratios() * batch.Advantages).sum() / Held(batch.Batch);
}
