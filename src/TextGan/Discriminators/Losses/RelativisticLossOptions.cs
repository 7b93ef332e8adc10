namespace TextGan.Discriminators.Losses;

/// <summary>
/// Relativistic losses (Jolicoeur-Martineau 1807.00734): is a real text more real than an opposing one? Discriminator:
/// -log σ(D(x) - D(x̃)) over pairs; generator: -log σ(D(x̃) - D(x)). RelGAN's loss. Only differences of logits are learnt, so
/// accuracy is counted from midway between the means of both sides.
/// </summary>
public sealed record RelativisticLossOptions : AdversarialLossOptions
{
    /// <summary>
    /// false (default): text against text, index by index (RSGAN). true: each text against the mean of the other side (RaSGAN).
    /// </summary>
    public bool Average { get; init; }

    public override bool GeneratorReadsReal => true;

    public override bool IsNonNegative => true;

    protected override string? WhyNoSmoothing =>
        "a relativistic loss compares a text with others and labels neither, so that no side could be smoothed alone.";

    public override AdversarialLoss Build(BuildContext context) => Average ? new RelativisticAverageLoss() : new RelativisticLoss();
}
