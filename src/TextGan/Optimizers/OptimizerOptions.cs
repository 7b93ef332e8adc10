using TorchSharp.Modules;

namespace TextGan.Optimizers;

/// <summary>
/// The optimiser. A parameter without a gradient in a step stays unchanged, whatever the kind: no momentum, no weight decay.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(AdamOptions), "adam")]
[JsonDerivedType(typeof(SgdOptions), "sgd")]
[JsonDerivedType(typeof(RmsPropOptions), "rmsprop")]
public abstract record OptimizerOptions : ComponentOptions<OptimizerContext, optim.Optimizer>
{
    internal override void Check(PluginComponent origin, OptimizerContext context, optim.Optimizer built)
    {
        var known = built.parameters().Select(parameter => parameter.Handle).ToHashSet();
        var missing = context.Parameters.Count(parameter => !known.Contains(parameter.Handle));
        if (missing > 0)
            throw origin.Fault(this, nameof(Build),
                $"gave an optimiser that does not know {missing} of the {Amount.Of(context.Parameters.Count, "parameter")}.");
    }
}

/// <summary>What an optimiser is built for; the caller disposes of it.</summary>
/// <param name="Parameters">What it learns, on its device.</param>
public sealed record OptimizerContext(IReadOnlyList<Parameter> Parameters)
{
    public OptimizerContext(IEnumerable<Parameter> parameters) : this([.. parameters]) { }
}
