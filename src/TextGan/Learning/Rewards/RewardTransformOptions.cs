namespace TextGan.Learning.Rewards;

/// <summary>How a discriminator's output for a text becomes a reward. In JSON the kind's name alone is enough.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[NameMeansKind]
[JsonDerivedType(typeof(LogitRewardOptions), "logit")]
[JsonDerivedType(typeof(ProbabilityRewardOptions), "probability")]
[JsonDerivedType(typeof(SignedProbabilityRewardOptions), "signed-probability")]
[JsonDerivedType(typeof(LogProbabilityRewardOptions), "log-probability")]
[JsonDerivedType(typeof(NegativeLossRewardOptions), "negative-loss")]
[JsonDerivedType(typeof(MaliGanRewardOptions), "maligan")]
public abstract record RewardTransformOptions : ComponentOptions<BuildContext, RewardTransform>;
