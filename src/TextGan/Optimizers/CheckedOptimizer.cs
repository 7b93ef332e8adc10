using TextGan.Native;
using TextGan.Plugins;
using TextGan.Problems;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Optimizers;

/// <summary>Builds optimisers; one that a plug-in brought must be there and must know the parameters.</summary>
public static class CheckedOptimizer
{
    public static optim.Optimizer Build(OptimizerOptions options, IEnumerable<Parameter> parameters)
    {
        Parameter[] all = [.. parameters];
        var optimizer = options.Build(all);
        if (PluginComponent.Of(options) is not { } origin) return optimizer;
        using var unfinished = new Unfinished();
        var known = unfinished.Add(origin.NotNull(options, nameof(Build), optimizer)).parameters().Select(parameter => parameter.Handle).ToHashSet();
        var missing = all.Count(parameter => !known.Contains(parameter.Handle));
        return missing == 0 ? unfinished.Finish(optimizer) : throw origin.Fault(options, nameof(Build), $"gave an optimiser that does not know {missing} of the {Amount.Of(all.Length, "parameter")}.");
    }
}
