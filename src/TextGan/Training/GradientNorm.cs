using TorchSharp.Modules;

namespace TextGan.Training;

/// <summary>Norm and clipping of gradients without reading anything back from the device.</summary>
public static class GradientNorm
{
    /// <summary>
    /// Scales the gradients so that their joint Euclidean norm is at most <paramref name="limit"/> (0: no limit) and returns
    /// the norm before, a 0-dim tensor. Same rule as PyTorch's clip_grad_norm_: factor min(1, limit/(norm + 1e-6)). Gradients of parameters
    /// that lie together are put together, too (<see cref="AdjacentTensors"/>), so that the optimiser's step reads them as one.
    /// </summary>
    public static Tensor Clip(IEnumerable<Parameter> parameters, double limit)
    {
        using var scope = NewDisposeScope();
        var gradients = AdjacentTensors.GatherGradients(parameters);
        return (gradients.Count == 0 ? zeros([], float32) : EuclideanNorm.Limit(gradients, limit)).MoveToOuterDisposeScope();
    }
}
