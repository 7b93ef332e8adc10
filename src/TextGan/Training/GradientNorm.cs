using TextGan.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Training;

/// <summary>Norm and clipping of gradients without reading anything back from the device.</summary>
public static class GradientNorm
{
    /// <summary>
    /// Scales the gradients so that their joint Euclidean norm is at most <paramref name="limit"/> (0: no limit) and returns
    /// the norm before, a 0-dim tensor. Same rule as PyTorch's clip_grad_norm_: factor min(1, limit/(norm + 1e-6)).
    /// </summary>
    public static Tensor Clip(IEnumerable<Parameter> parameters, double limit)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] gradients = [.. parameters.Select(p => p.grad).OfType<Tensor>()];
        if (gradients.Length == 0) return zeros([], float32).MoveToOuterDisposeScope();
        var norm = gradients.All(CpuLoop.Takes) ? tensor((float)Math.Sqrt(SquareSum.Of(gradients))) : stack([.. gradients.Select(g => g.norm())]).Squared().sum().sqrt();
        if (limit > 0)
        {
            var factor = (Held(limit) / norm.Plus(1e-6)).clamp_max(Held(1));
            // On the CPU reading the factor costs nothing, and mostly nothing is to be scaled; elsewhere it would wait for the device.
            if (factor.device_type == DeviceType.CPU && factor.item<float>() == 1) return norm.MoveToOuterDisposeScope();
            foreach (var gradient in gradients) gradient.mul_(factor);
        }
        return norm.MoveToOuterDisposeScope();
    }
}
