using static TorchSharp.torch;

namespace TextGan.Tokenization;

/// <summary>
/// What each text of a batch begins with. A text is its prompt and, directly after it, its response: position t of row b belongs to the
/// prompt while t &lt; Lengths[b]. So a prompt stands at the same positions beside longer ones as alone.
/// </summary>
/// <param name="Ids">[B,P] int64, each row filled up after its prompt with an id that nobody reads.</param>
/// <param name="Lengths">[B] int64: tokens of each prompt, 0 to P.</param>
public sealed record PromptBatch(Tensor Ids, Tensor Lengths);
