namespace TextGan.Learning.Updates.Losses;

/// <summary>REINFORCE (Williams, 1992): -A log p, for texts that the generator has just written.</summary>
public sealed record ReinforceLossOptions : PolicyLossOptions
{
    public override bool IsOnPolicyOnly => true;

    public override PolicyLoss Build(BuildContext context) => new ReinforceLoss();
}

/// <summary>-(1/B) Σ_i Σ_t A_it log p(x_it).</summary>
public sealed class ReinforceLoss : PolicyLoss
{
    public override bool IsLinear => true;

    public override Tensor Of(PolicyBatch batch) => -(batch.Advantages * batch.LogProbabilities).sum() / Held(batch.Batch);
}
