namespace TextGan.Discriminators.Losses;

/// <summary>The adversarial loss of a discriminator and the generator.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(NonSaturatingLossOptions), "non-saturating")]
[JsonDerivedType(typeof(HingeLossOptions), "hinge")]
[JsonDerivedType(typeof(LeastSquaresLossOptions), "least-squares")]
[JsonDerivedType(typeof(RelativisticLossOptions), "relativistic")]
[JsonDerivedType(typeof(WassersteinLossOptions), "wasserstein")]
[JsonDerivedType(typeof(BradleyTerryLossOptions), "bradley-terry")]
public abstract record AdversarialLossOptions : ComponentOptions<BuildContext, AdversarialLoss>
{
    /// <summary>Whether each real text must be paired with a rejected text (Bradley-Terry).</summary>
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
}
