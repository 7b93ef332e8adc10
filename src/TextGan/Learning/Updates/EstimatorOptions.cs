namespace TextGan.Learning.Updates;

/// <summary>How the discriminators' outputs for discrete tokens become a gradient of the generator.</summary>
/// <remarks>It bears the name of the JSON section: messages and the schema call the family so.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PathwiseOptions), "gumbel-softmax")]
[JsonDerivedType(typeof(PolicyGradientOptions), "reinforce")]
[JsonDerivedType(typeof(RelaxOptions), "relax")]
[JsonDerivedType(typeof(ExpertIterationOptions), "expert-iteration")]
public abstract record EstimatorOptions : ComponentOptions<EstimatorContext, UpdateRule>
{
    /// <summary>Whether the gradient runs through the discriminators, so that they must read relaxed tokens.</summary>
    public abstract bool NeedsRelaxedTokens { get; }

    /// <summary>
    /// Whether discriminators learn from plain samples of the generator, as <see cref="UpdateRule.Generate"/> draws them unless it is
    /// overridden: then their pretraining is the same whatever the estimator, and can be shared. False unless an estimator says so.
    /// </summary>
    public virtual bool ShowsPlainSamples => false;

    /// <summary>
    /// Whether the generator learns from the discriminators' losses, not from their logits. True unless an estimator says otherwise.
    /// </summary>
    public virtual bool LearnsFromLosses => true;

    /// <summary>
    /// Why the gradient that it estimates is not that of an expected loss of the discriminators (<see cref="UpdateRule.LossOf"/>), so that
    /// nothing is known to compare it with; null where it is.
    /// </summary>
    public virtual string? WhyNoExactGradient => "this estimator names no loss whose expectation it lowers";
}
