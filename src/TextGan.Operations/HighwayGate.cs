using TextGan.Operations.Cpu;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>
/// What a highway layer (1505.00387, equation 3) makes of its two products: y = σ(g) ⊙ relu(h) + (1 - σ(g)) ⊙ x. By tensor operations some
/// ten arrays of that size exist and are kept for the gradient, here only the three that are given. Can be differentiated twice.
/// </summary>
public static class HighwayGate
{
    /// <summary>x, h and g of one shape → y.</summary>
    public static Tensor Of(Tensor input, Tensor transform, Tensor gate) => HighwayGateFunction.Supports(input, transform, gate)
        ? HighwayGateFunction.Of(input, transform, gate)
        : ByTensors(input, transform, gate);

    internal static Tensor ByTensors(Tensor input, Tensor transform, Tensor gate)
    {
        using var scope = NewDisposeScope();
        var open = gate.sigmoid();
        return (open * transform.relu()).Plus(Held(1).Minus(open) * input).MoveToOuterDisposeScope();
    }
}
