using TextGan.Operations.Cpu;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>y = x·Wᵀ + b. Can be differentiated twice.</summary>
public static class LinearLayer
{
    /// <summary>x [...,I], W [O,I] and b [O] or null → y [...,O].</summary>
    public static Tensor Of(Tensor input, Tensor weight, Tensor? bias) => LinearFunction.Supports(input, weight)
        ? LinearFunction.Call(input, weight, bias)
        : nn.functional.linear(input, weight, bias);
}
