namespace TextGan.Learning.Updates.Losses;

/// <summary>How advantages become the loss of a policy gradient. In JSON the kind's name alone is enough.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[NameMeansKind]
[JsonDerivedType(typeof(ReinforceLossOptions), "reinforce")]
[JsonDerivedType(typeof(ClippedLossOptions), "clipped")]
[JsonDerivedType(typeof(ImportanceWeightedLossOptions), "importance-weighted")]
[JsonDerivedType(typeof(GspoLossOptions), "gspo")]
[JsonDerivedType(typeof(ProbabilityLossOptions), "probability")]
public abstract record PolicyLossOptions : ComponentOptions<BuildContext, PolicyLoss>
{
    /// <summary>
    /// Whether its gradient is right for texts only that the generator would write as it is now: one update for each batch of texts.
    /// </summary>
    public virtual bool IsOnPolicyOnly => false;
}
