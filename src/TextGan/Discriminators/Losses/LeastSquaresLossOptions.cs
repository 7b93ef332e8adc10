namespace TextGan.Discriminators.Losses;

/// <summary>
/// LSGAN (1611.04076): squared distances to targets. Discriminator: ½ (D(x) - realTarget)² + ½ (D(x̃) - opposingTarget)².
/// Generator: ½ (D(x̃) - generatorTarget)². Accuracy is counted from midway between the first two.
/// </summary>
public sealed record LeastSquaresLossOptions : AdversarialLossOptions
{
    /// <summary>What the discriminator should say of real texts (the paper's b). Default 1.</summary>
    public double RealTarget { get; init; } = 1;

    /// <summary>What it should say of opposing texts (a); below 'realTarget'. Default 0.</summary>
    public double OpposingTarget { get; init; }

    /// <summary>What the generator wants it to say of generated texts (c). Default 1.</summary>
    public double GeneratorTarget { get; init; } = 1;

    public override bool IsNonNegative => true;

    protected override string? WhyNoSmoothing => null;

    public override IEnumerable<Problem> Validate(string path)
    {
        foreach (var problem in base.Validate(path)) yield return problem;
        if (!(RealTarget > OpposingTarget))
            yield return new Problem($"{path}.realTarget",
                $"is {RealTarget}, which is not above 'opposingTarget' {OpposingTarget}; a higher logit must mean a more real text.");
    }

    // (1 - α) (D - b)² + α (D - a)² is (D - (b - α (b - a)))² and a constant.
    public override AdversarialLoss Build(BuildContext context) =>
        new LeastSquaresLoss(RealTarget - LabelSmoothing * (RealTarget - OpposingTarget), OpposingTarget, GeneratorTarget);
}
