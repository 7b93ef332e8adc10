using TorchSharp.Modules;

namespace TextGan.Discriminators;

/// <summary>
/// A transformer encoder that reads the text in both directions and gives it one logit. Positions after the end are masked:
/// no position attends to them and the mean leaves them out, so their content changes nothing.
/// </summary>
public sealed class TransformerDiscriminator : Discriminator
{
    readonly TokenEmbedding embedding;
    readonly Parameter? positions; // [T,E], learned
    readonly Parameter? summary; // [E], the extra first position of CLS pooling
    readonly ModuleList<EncoderBlock> blocks;
    readonly LayerNorm norm;
    readonly Dropout dropout;
    readonly Linear head;

    /// <param name="vocabularySize">V.</param>
    /// <param name="length">T: the longest text.</param>
    /// <param name="embedding">E: width of embeddings and states.</param>
    /// <param name="layers">Blocks.</param>
    /// <param name="heads">Attention heads; divides E.</param>
    /// <param name="feedForward">Width of the feed-forward layers.</param>
    /// <param name="encoding">How positions are known.</param>
    /// <param name="pooling">How states become one vector.</param>
    /// <param name="dropout">Share left out while learning.</param>
    /// <param name="embeddingDeviation">Standard deviation of the initial embeddings and learned positions.</param>
    public TransformerDiscriminator(int vocabularySize, int length, int embedding, int layers, int heads, int feedForward,
        PositionEncoding encoding, Pooling pooling, double dropout, double embeddingDeviation)
        : base(nameof(TransformerDiscriminator), vocabularySize)
    {
        this.embedding = new TokenEmbedding(vocabularySize, embedding, embeddingDeviation);
        positions = encoding == PositionEncoding.Learned ? Drawn(embeddingDeviation, length, embedding) : null;
        summary = pooling == Pooling.Cls ? Drawn(embeddingDeviation, embedding) : null;
        blocks = new ModuleList<EncoderBlock>(
            [.. Enumerable.Range(0, layers).Select(
            _ => new EncoderBlock(embedding, heads, feedForward, encoding == PositionEncoding.Rotary, dropout))]);
        norm = nn.LayerNorm(embedding);
        this.dropout = nn.Dropout(dropout);
        head = nn.Linear(embedding, 1);
        RegisterComponents();
    }

    /// <summary>A parameter of N(0, deviation²) that outlives the scope it is made in, as those of layers do.</summary>
    static Parameter Drawn(double deviation, params long[] shape)
    {
        using var scope = NewDisposeScope();
        var parameter = nn.Parameter(randn(shape).mul_(Held(deviation)));
        parameter.DetachFromDisposeScope();
        return parameter;
    }

    /// <summary>[B,T] ids (or [B,T,V] relaxed tokens) → logits [B,1].</summary>
    public override DiscriminatorOutput forward(TextBatch tokens)
    {
        using var scope = NewDisposeScope();
        var states = embedding.call(tokens); // [B,T,E]
        var mask = tokens.Mask; // [B,T]
        if (positions is not null) states = states.Plus(positions.narrow(0, 0, states.shape[1]));
        if (summary is not null)
        {
            states = cat([summary.expand(states.shape[0], 1, -1), states], 1); // [B,1+T,E]
            mask = cat([ones([mask.shape[0], 1], device: mask.device), mask], 1); // [B,1+T]
        }
        states = dropout.call(states);
        var ignored = mask.eq(Held(0)).unsqueeze(1).unsqueeze(1); // [B,1,1,T]
        foreach (var block in blocks) states = block.call(states, ignored);
        states = norm.call(states);
        var pooled = summary is not null ? states.select(1, 0) : (states * mask.unsqueeze(2)).sum(1) / mask.sum(1, keepdim: true); // [B,E]
        return new DiscriminatorOutput(head.call(pooled).MoveToOuterDisposeScope());
    }
}
