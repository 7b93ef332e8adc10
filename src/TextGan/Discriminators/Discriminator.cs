using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Discriminators;

/// <summary>
/// Judges texts: a high logit means "like my data". It reads ids and, unless its options say otherwise, relaxed tokens
/// by one code path (see TokenEmbedding). It knows neither the generator nor the other discriminators.
/// </summary>
/// <param name="name">The name of the module's type.</param>
/// <param name="vocabularySize">V where it reads relaxed tokens, else null.</param>
public abstract class Discriminator(string name, int? vocabularySize = null) : nn.Module<TokenBatch, DiscriminatorOutput>(name)
{
    /// <summary>V: the width of the relaxed tokens it reads; null where it reads ids alone or does not look at the tokens. A gradient penalty needs it.</summary>
    public int? VocabularySize { get; } = vocabularySize;

    /// <summary>[B,T] ids (or [B,T,V] relaxed tokens) → logits [B,S].</summary>
    public abstract override DiscriminatorOutput forward(TokenBatch tokens);
}
