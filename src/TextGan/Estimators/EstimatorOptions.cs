using System.Text.Json.Serialization;
using TextGan.Problems;

namespace TextGan.Estimators;

/// <summary>How the discriminators' judgement of discrete tokens becomes a gradient for the generator.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(GumbelSoftmaxOptions), "gumbel-softmax")]
[JsonDerivedType(typeof(ReinforceOptions), "reinforce")]
public abstract record EstimatorOptions : ComponentOptions
{
    /// <summary>Whether the gradient runs through the discriminators, so that they must read relaxed tokens.</summary>
    [JsonIgnore]
    public abstract bool NeedsRelaxedTokens { get; }

    public abstract GradientEstimator Build(EstimatorContext context);
}
