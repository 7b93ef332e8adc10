using TorchSharp.Modules;

namespace TextGan.Discriminators;

/// <summary>
/// The mean of the embeddings of a text's tokens, a hidden layer, a logit: it knows which words a text has and not their
/// order. Positions after the end are left out of the mean.
/// </summary>
public sealed class BagDiscriminator : Discriminator
{
    readonly TokenEmbedding embedding;
    readonly Linear hidden, head;
    readonly Dropout dropout;

    /// <param name="vocabularySize">V.</param>
    /// <param name="embedding">E: width of a token's embedding.</param>
    /// <param name="hidden">H: width of the hidden layer.</param>
    /// <param name="dropout">Share of the hidden layer left out while learning.</param>
    /// <param name="embeddingDeviation">Standard deviation of the initial embeddings.</param>
    public BagDiscriminator(int vocabularySize, int embedding, int hidden, double dropout, double embeddingDeviation)
        : base(nameof(BagDiscriminator), vocabularySize)
    {
        this.embedding = new TokenEmbedding(vocabularySize, embedding, embeddingDeviation);
        this.hidden = nn.Linear(embedding, hidden);
        this.dropout = nn.Dropout(dropout);
        head = nn.Linear(hidden, 1);
        RegisterComponents();
    }

    /// <summary>[B,T] ids (or [B,T,V] relaxed tokens) → logits [B,1].</summary>
    public override DiscriminatorOutput forward(TextBatch tokens)
    {
        using var scope = NewDisposeScope();
        var mean = (embedding.call(tokens) * tokens.Mask.unsqueeze(2)).sum(1) / tokens.Mask.sum(1, keepdim: true); // [B,E]
        var features = hidden.call(mean).relu(); // [B,H]
        return new DiscriminatorOutput(head.call(dropout.call(features)).MoveToOuterDisposeScope())
        {
            Features = features.MoveToOuterDisposeScope(),
        };
    }
}
