using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>N independent draws from each of B distributions.</summary>
/// <param name="Tokens">[B,N] int64.</param>
/// <param name="LogProbabilities">[B,N] float: log p of each token under the distribution that it was drawn from.</param>
public readonly record struct DrawnTokens(Tensor Tokens, Tensor LogProbabilities);
