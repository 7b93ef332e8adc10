namespace TextGan.Learning.Updates.Losses;

/// <summary>What a policy loss is computed from.</summary>
/// <param name="LogProbabilities">[B,T]: log p(x_t | x_&lt;t) of the drawn tokens under the generator as it is now, differentiable.</param>
/// <param name="Old">[B,T]: the same before the first update on these texts, detached.</param>
/// <param name="Advantages">[B,T], detached; 0 where a token does not belong to the response.</param>
/// <param name="Response">[B,T]: 1 where the generator chose the token.</param>
public sealed record PolicyBatch(Tensor LogProbabilities, Tensor Old, Tensor Advantages, Tensor Response)
{
    public long Batch => LogProbabilities.shape[0];

    /// <summary>
    /// ρ_t = p(x_t)/p_old(x_t), [B,T]; 1 outside the response, where nothing bounds it and an infinite one would make 0 · ∞.
    /// </summary>
    public Tensor Ratios() => ((LogProbabilities - Old) * Response).exp();
}
