using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>One position of B texts.</summary>
/// <param name="Shown">[B,V]: what discriminators read and the generator is fed back; differentiable in the logits.</param>
/// <param name="Tokens">[B] int64: the drawn tokens.</param>
/// <param name="Alive">[B] bool: texts that have not ended with this position.</param>
public sealed record RelaxedDraw(Tensor Shown, Tensor Tokens, Tensor Alive);
