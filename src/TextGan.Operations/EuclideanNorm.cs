using TextGan.Operations.Cpu;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>
/// The norm √Σx² of several tensors together, and its limit. Nothing is read back from a device; nothing here is differentiable.
/// </summary>
public static class EuclideanNorm
{
    /// <summary>
    /// Scales the tensors in place so that their joint norm is at most <paramref name="limit"/> (0: no limit) and returns the norm before,
    /// a 0-dim tensor. Same rule as PyTorch's clip_grad_norm_: factor min(1, limit/(norm + 1e-6)).
    /// </summary>
    public static Tensor Limit(IReadOnlyList<Tensor> tensors, double limit)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var norm = tensors.All(CpuLoop.Supports) ? tensor((float)Math.Sqrt(SquareSum.Of(tensors)))
            : tensors.Count == 1 ? tensors[0].norm()
            : stack([.. tensors.Select(one => one.norm())]).Squared().sum().sqrt();
        if (limit > 0)
        {
            var factor = (Held(limit) / norm.Plus(1e-6)).clamp_max(Held(1));
            // On the CPU reading the factor costs nothing, and mostly nothing is to be scaled; elsewhere it would wait for the device.
            if (factor.device_type == DeviceType.CPU && factor.item<float>() == 1) return norm.MoveToOuterDisposeScope();
            foreach (var one in tensors) one.mul_(factor);
        }
        return norm.MoveToOuterDisposeScope();
    }
}
