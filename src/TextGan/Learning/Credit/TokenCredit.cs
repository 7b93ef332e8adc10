namespace TextGan.Learning.Credit;

/// <summary>What one discriminator's judgement gives to each token.</summary>
/// <param name="Returns">[B,T]: what the log-probability of the token drawn at t is multiplied with.</param>
/// <param name="Reward">[B]: the reward of each text, for the log and as the objective's value.</param>
/// <param name="Counted">[B,T], 1 where the return belongs in a mean over samples; null where all do.</param>
public sealed record TokenCredit(Tensor Returns, Tensor Reward, Tensor? Counted)
{
    /// <summary>G: rows b·G to b·G + G - 1 are compared with one another; null: all rows of the batch.</summary>
    public int? GroupSize { get; init; }

    /// <summary>γ: how much less a reward counts one token further on.</summary>
    public double Discount { get; init; } = 1;
}
