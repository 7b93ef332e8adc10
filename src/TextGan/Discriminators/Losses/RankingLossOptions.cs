namespace TextGan.Discriminators.Losses;

/// <summary>
/// RankGAN (Lin et al. 1705.11001): the discriminator ranks a text s among comparison texts C by how like its features are to those of
/// reference texts U. P(s|u,C) = exp(γ cos(s,u)) / Σ_{c in C and s} exp(γ cos(c,u)); R(s|U,C) is its mean over U. The discriminator raises
/// log R of real texts among generated ones and lowers log R of generated texts among real ones; the generator raises log R of its texts
/// among real ones. References and real comparisons are real texts of the batch. Its logits do not learn: take the reward "negative-loss",
/// which is then log R, or Gumbel-softmax.
/// </summary>
public sealed record RankingLossOptions : AdversarialLossOptions
{
    /// <summary>γ: small values rank all texts alike, large ones let the most similar text win. Default 1.</summary>
    [Range(1e-6, 1e6)]
    public double Gamma { get; init; } = 1;

    /// <summary>
    /// Texts of U: the first of a batch of real texts, which must be larger than this. Default 16, Texygen's.
    /// </summary>
    [Range(1, 100_000)]
    public int References { get; init; } = 16;

    /// <summary>The most texts of C: the last that there are, so that of opposing texts fresh ones come first. Default 48.</summary>
    [Range(1, 100_000)]
    public int Comparisons { get; init; } = 48;

    public override bool GeneratorReadsReal => true;

    public override bool NeedsFeatures => true;

    public override bool TrainsLogits => false;

    public override bool IsNonNegative => true;

    protected override string? WhyNoSmoothing => "a ranking loss compares a text with others and labels none.";

    public override AdversarialLoss Build(BuildContext context) => new RankingLoss(Gamma, References, Comparisons);
}
