using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>
/// A generator of one LSTM layer, logits = h·Wᵀ + b without anything in between, taken apart for who leads texts through all positions in
/// one call.
/// The tensors are the parameters themselves.
/// </summary>
/// <param name="Embedding">[V,E].</param>
/// <param name="InputWeight">[4H,E]: gates i, f, g, o.</param>
/// <param name="HiddenWeight">[4H,H].</param>
/// <param name="InputBias">[4H].</param>
/// <param name="HiddenBias">[4H].</param>
/// <param name="HeadWeight">W [V,H]; where tied, the embedding.</param>
/// <param name="HeadBias">b [V].</param>
public sealed record LstmParts(Tensor Embedding, Tensor InputWeight, Tensor HiddenWeight, Tensor InputBias, Tensor HiddenBias,
    Tensor HeadWeight, Tensor HeadBias);
