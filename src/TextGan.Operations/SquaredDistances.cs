using TorchSharp;
using static TextGan.Native.HeldScalars;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>Squared Euclidean distances between vectors.</summary>
public static class SquaredDistances
{
    /// <summary>‖x_i - y_j‖² of x [N,D] and y [M,D] → [N,M], by |x|² + |y|² - 2xy; its gradient is 0 where it is 0.</summary>
    public static Tensor Of(Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        var squares = x.Squared().sum(1, keepdim: true).Plus(y.Squared().sum(1)); // [N,M]
        return (squares - x.matmul(y.t()) * Held(2)).clamp_min(Held(0)).MoveToOuterDisposeScope();
    }
}
