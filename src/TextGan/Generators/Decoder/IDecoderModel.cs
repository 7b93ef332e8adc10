namespace TextGan.Generators.Decoder;

/// <summary>A decoder without its head: embeddings, layers, last norm.</summary>
interface IDecoderModel
{
    Tensor EmbeddingWeight { get; }

    /// <summary>[B,T] ids or [B,T,V] relaxed tokens → [B,T,H]. With a state, T tokens are read after those that it holds.</summary>
    Tensor Read(Tensor tokens, TransformerState? state);

    /// <summary>Embedded tokens [B,T,H], without positions → their states after so many layers; after all, as <see cref="Read"/>.</summary>
    Tensor StatesAfter(int count, Tensor embedded);
}
