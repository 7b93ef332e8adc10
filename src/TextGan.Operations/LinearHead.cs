using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>The last step of a model, logits = features·Wᵀ + b, taken apart for who joins it with what comes next.</summary>
/// <param name="Features">[...,F].</param>
/// <param name="Weight">W [V,F], the parameter itself.</param>
/// <param name="Bias">b [V], or null for 0.</param>
public readonly record struct LinearHead(Tensor Features, Tensor Weight, Tensor? Bias)
{
    /// <summary>[...,V].</summary>
    public Tensor Logits() => Products.Of(Features, Weight, Bias);
}
