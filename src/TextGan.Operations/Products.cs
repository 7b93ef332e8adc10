using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>
/// Matrix products of models. In bfloat16 (<see cref="ModelPrecision"/>) both operands are rounded to it, and the result comes back as
/// float32: LibTorch adds the products up in float32 and rounds each sum once. Gradients go through the same roundings, but what adds up
/// the gradients of several products is float32, and so are biases. Can be differentiated twice.
/// </summary>
public static class Products
{
    /// <summary>[...,N,K] and [...,K,M] → [...,N,M].</summary>
    public static Tensor Of(Tensor left, Tensor right) => Of(left, right, ModelPrecision.IsBfloat16);

    /// <summary>The same in a precision that was read earlier, as a backward pass needs it.</summary>
    public static Tensor Of(Tensor left, Tensor right, bool inBfloat16)
    {
        if (!inBfloat16) return left.matmul(right);
        using var scope = NewDisposeScope();
        return Rounded(left).matmul(RoundedWeights.Of(right)).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>A layer of LibTorch, x [...,I] → [...,O].</summary>
    public static Tensor Of(Linear layer, Tensor input) =>
        ModelPrecision.IsBfloat16 ? InBfloat16(input, layer.weight!, layer.bias) : layer.call(input);

    /// <summary>x [...,I], W [O,I] and b [O] or null → x·Wᵀ + b [...,O].</summary>
    public static Tensor Of(Tensor input, Tensor weight, Tensor? bias) =>
        ModelPrecision.IsBfloat16 ? InBfloat16(input, weight, bias) : LinearLayer.Of(input, weight, bias);

    /// <summary>
    /// What several products are to read: rounded once for all of them, or the tensor itself where nothing is rounded. Products take it as
    /// they take the tensor.
    /// </summary>
    public static Tensor Operand(Tensor values) => ModelPrecision.IsBfloat16 ? Rounded(values) : values;

    /// <summary>x·Wᵀ + b in bfloat16, b and the result in float32.</summary>
    internal static Tensor InBfloat16(Tensor input, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var product = nn.functional.linear(Rounded(input), RoundedWeights.Of(weight)); // [...,O]
        return (bias is null ? product.to(ScalarType.Float32) : product.Plus(bias)).MoveToOuterDisposeScope(); // with b it is float32
    }

    internal static Tensor Rounded(Tensor values) => values.to(ScalarType.BFloat16);
}
