namespace TextGan.Discriminators.Losses;

/// <summary>The adversarial loss of a discriminator and the generator.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(NonSaturatingLossOptions), "non-saturating")]
[JsonDerivedType(typeof(HingeLossOptions), "hinge")]
[JsonDerivedType(typeof(LeastSquaresLossOptions), "least-squares")]
[JsonDerivedType(typeof(RelativisticLossOptions), "relativistic")]
[JsonDerivedType(typeof(WassersteinLossOptions), "wasserstein")]
[JsonDerivedType(typeof(BradleyTerryLossOptions), "bradley-terry")]
[JsonDerivedType(typeof(RankingLossOptions), "ranking")]
[JsonDerivedType(typeof(FeatureMatchingLossOptions), "feature-matching")]
public abstract record AdversarialLossOptions : ComponentOptions<BuildContext, AdversarialLoss>
{
    /// <summary>
    /// One-sided label smoothing (Salimans et al. 1606.03498, section 3.2): the discriminator's label of real texts is 1 minus this share
    /// instead of 1, those of opposing texts stay, so that it is never certain of a real text. With "bradley-terry" this share of the pairs
    /// is taken to be labelled the wrong way round. The generator's loss stays as it is. Only with "non-saturating", "least-squares" and
    /// "bradley-terry". Default 0.
    /// </summary>
    [Range(0.0, 0.49)]
    public double LabelSmoothing { get; init; }

    /// <summary>Why this loss has no labels to smooth; null where it has.</summary>
    protected virtual string? WhyNoSmoothing => "this kind of loss does not say how its labels are smoothed.";

    public override IEnumerable<Problem> Validate(string path)
    {
        if (LabelSmoothing > 0 && WhyNoSmoothing is { } reason)
            yield return new Problem($"{path}.labelSmoothing",
                $"is {LabelSmoothing}, but {reason} Leave it out, or take \"non-saturating\", \"least-squares\" or \"bradley-terry\".");
    }

    /// <summary>
    /// Whether it compares pairs (Bradley-Terry): a chosen text with its rejected one, or a real text with a generated one that answers the
    /// same prompt.
    /// </summary>
    public virtual bool NeedsPairs => false;

    /// <summary>
    /// Whether it differentiates the discriminator in its input (gradient penalty), which one that needs hard tokens does not allow.
    /// </summary>
    public virtual bool DifferentiatesInputs => false;

    /// <summary>
    /// Whether the generator's loss compares its texts with real ones, as <see cref="AdversarialLoss.GeneratorReadsReal"/> of the loss
    /// says.
    /// </summary>
    public virtual bool GeneratorReadsReal => false;

    /// <summary>Whether it compares features of texts, which the discriminator must show. False unless a loss says so.</summary>
    public virtual bool NeedsFeatures => false;

    /// <summary>
    /// Whether the discriminator's logits learn: where they do not, only the loss itself says what is judged. True unless a loss says
    /// otherwise.
    /// </summary>
    public virtual bool TrainsLogits => true;

    /// <summary>Whether the generator's loss is never negative, which some combiners need. False unless a loss says so.</summary>
    public virtual bool IsNonNegative => false;
}
