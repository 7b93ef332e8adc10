namespace TextGan.Learning.Updates;

/// <summary>What the discriminators read, what the generator is fed back, and whose gradient it has.</summary>
public enum Relaxation
{
    /// <summary>The relaxed tokens themselves.</summary>
    Relaxed,

    /// <summary>
    /// The drawn token one-hot, with the gradient of the relaxed one (straight-through; Jang et al., 1611.01144, section 2.2).
    /// </summary>
    StraightThrough,

    /// <summary>
    /// The same, with the mean of the gradients of several relaxed tokens that all draw this token (Gumbel-Rao; Paulus et al., 2010.04838).
    /// </summary>
    GumbelRao,

    /// <summary>
    /// The drawn token one-hot, with a gradient that is right to second order where straight-through is to first (Liu et al., 2304.08612).
    /// </summary>
    [JsonStringEnumMemberName("reinmax")]
    ReinMax,

    /// <summary>
    /// The drawn token one-hot, with the gradient of the softmax itself, without noise (Bengio et al., 1308.3432).
    /// </summary>
    Softmax,
}
