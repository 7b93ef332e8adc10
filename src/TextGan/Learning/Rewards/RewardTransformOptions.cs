using System.Text.Json.Serialization;
using TextGan.Plugins;
using TextGan.Problems;

namespace TextGan.Learning.Rewards;

/// <summary>What number a discriminator's judgement of a text becomes as a reward. In JSON the kind's name alone may stand for it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[NameMeansKind]
[JsonDerivedType(typeof(LogitRewardOptions), "logit")]
[JsonDerivedType(typeof(ProbabilityRewardOptions), "probability")]
[JsonDerivedType(typeof(SignedProbabilityRewardOptions), "signed-probability")]
[JsonDerivedType(typeof(LogProbabilityRewardOptions), "log-probability")]
[JsonDerivedType(typeof(NegativeLossRewardOptions), "negative-loss")]
public abstract record RewardTransformOptions : ComponentOptions<BuildContext, RewardTransform>
{
    /// <summary>Whether it reads the generator's loss under the discriminator's game instead of the logit.</summary>
    [JsonIgnore]
    public virtual bool ReadsLoss => false;
}
