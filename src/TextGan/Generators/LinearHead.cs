using static TorchSharp.torch;

namespace TextGan.Generators;

/// <summary>Logits as a product that has not been computed: features · weightᵀ + bias.</summary>
/// <param name="Features">[...,D].</param>
/// <param name="Weight">[V,D].</param>
/// <param name="Bias">[V], or null for none.</param>
public sealed record LinearHead(Tensor Features, Tensor Weight, Tensor? Bias);
