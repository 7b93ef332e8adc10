namespace TextGan.Discriminators.Losses;

/// <summary>
/// Feature matching by maximum mean discrepancy (TextGAN; Zhang et al. 1706.03850, section 3). The generator lowers MMD² = mean k(x̃,x̃') -
/// 2 mean k(x̃,x) + mean k(x,x') between features of its texts and of as many real ones, with Gaussian kernels k. The discriminator learns
/// the cross-entropy of "non-saturating" and, with a weight, to raise the same MMD². The paper's reconstruction term is left out: it is
/// of a generator that writes from a latent vector.
/// </summary>
public sealed record FeatureMatchingLossOptions : AdversarialLossOptions
{
    /// <summary>
    /// Widths of the kernels, which are averaged: exp(-‖a - b‖²/(2 w s)), where s is the mean squared distance between two texts of both
    /// sides together, so that widths have no unit. Default [0.25, 1, 4].
    /// </summary>
    public IReadOnlyList<double> Widths { get; init; } = [0.25, 1, 4];

    /// <summary>
    /// How much of the MMD² is taken off the discriminator's loss. Default 0: its features are those of the cross-entropy.
    /// </summary>
    [Range(0.0, 1e6)]
    public double DiscriminatorWeight { get; init; }

    public override bool GeneratorReadsReal => true;

    public override bool NeedsFeatures => true;

    protected override string? WhyNoSmoothing => null;

    public override IEnumerable<Problem> Validate(string path)
    {
        foreach (var problem in base.Validate(path)) yield return problem;
        if (Widths.Count == 0) yield return new($"{path}.widths", "is empty; at least one kernel is needed.");
        for (var i = 0; i < Widths.Count; i++)
            if (!(Widths[i] > 0 && double.IsFinite(Widths[i])))
                yield return new($"{path}.widths[{i}]", $"is {Widths[i]}; a width is above 0.");
    }

    public override AdversarialLoss Build(BuildContext context) =>
        new FeatureMatchingLoss(Widths, DiscriminatorWeight, new NonSaturatingLoss(LabelSmoothing));
}
