using System.Text.Json.Serialization;
using TextGan.Problems;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Optimizers;

/// <summary>The optimiser. A parameter without a gradient in a step stays unchanged, whatever the kind: no momentum, no weight decay.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(AdamOptions), "adam")]
[JsonDerivedType(typeof(SgdOptions), "sgd")]
[JsonDerivedType(typeof(RmsPropOptions), "rmsprop")]
public abstract record OptimizerOptions : ComponentOptions
{
    /// <summary>Makes the optimiser; the caller disposes of it. Move the parameters to their device first.</summary>
    public abstract optim.Optimizer Build(IEnumerable<Parameter> parameters);
}
