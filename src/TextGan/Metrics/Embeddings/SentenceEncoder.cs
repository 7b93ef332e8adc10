namespace TextGan.Metrics.Embeddings;

/// <summary>Gives each text a vector. A plug-in may bring further kinds.</summary>
public abstract class SentenceEncoder
{
    /// <summary>Vectors of texts: [N,D] of floating-point numbers, on the CPU.</summary>
    /// <param name="texts">N texts, at least one.</param>
    /// <param name="tokens">Their token ids in the experiment's vocabulary, without ends.</param>
    public abstract Tensor Encode(IReadOnlyList<string> texts, IReadOnlyList<int[]> tokens);
}
