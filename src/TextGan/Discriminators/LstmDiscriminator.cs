using TorchSharp.Modules;

namespace TextGan.Discriminators;

/// <summary>
/// An LSTM that reads a text token by token. A logit for the text comes from the state at its last real position (the first
/// end token, or T), in both directions where wanted; a logit for each step from the state there, as in ScratchGAN
/// (1905.09922). Tokens after the end change nothing.
/// </summary>
public sealed class LstmDiscriminator : Discriminator
{
    readonly TokenEmbedding embedding;
    readonly LstmLayers reader;
    readonly LstmLayers? reverse_reader;
    readonly Dropout dropout;
    readonly Linear head;
    readonly LstmOutput output;

    /// <param name="vocabularySize">V.</param>
    /// <param name="embedding">E: width of a token's embedding.</param>
    /// <param name="hidden">H: width of the state.</param>
    /// <param name="layers">Layers in each direction.</param>
    /// <param name="bidirectional">Whether a second LSTM reads from the last real position to the first; only for a logit a
    /// sequence.</param>
    /// <param name="output">What gets a logit.</param>
    /// <param name="dropout">Share left out between layers and before the logit while learning.</param>
    /// <param name="embeddingDeviation">Standard deviation of the initial embeddings.</param>
    public LstmDiscriminator(int vocabularySize, int embedding, int hidden, int layers, bool bidirectional, LstmOutput output,
        double dropout, double embeddingDeviation)
        : base(nameof(LstmDiscriminator), vocabularySize)
    {
        if (bidirectional && output == LstmOutput.PerStep)
            throw new ArgumentException("A logit for each step cannot come from both directions: it would see what follows.",
                nameof(bidirectional));
        this.output = output;
        this.embedding = new TokenEmbedding(vocabularySize, embedding, embeddingDeviation);
        reader = new LstmLayers(embedding, hidden, layers, dropout);
        reverse_reader = bidirectional ? new LstmLayers(embedding, hidden, layers, dropout) : null;
        this.dropout = nn.Dropout(dropout);
        head = nn.Linear(bidirectional ? 2 * hidden : hidden, 1);
        RegisterComponents();
    }

    /// <summary>
    /// [B,T] ids (or [B,T,V] relaxed tokens) → logits [B,1], or [B,T] with the response's mask for one per step (0 in the prompt and after
    /// the end).
    /// </summary>
    public override DiscriminatorOutput forward(TextBatch tokens)
    {
        using var scope = NewDisposeScope();
        var twice = tokens.Relaxed is { requires_grad: true }; // as a gradient penalty wants
        var embedded = embedding.call(tokens); // [B,T,E]
        var states = reader.call(embedded, twice); // [B,T,H]
        if (output == LstmOutput.PerStep)
        {
            var steps = head.call(dropout.call(states)).squeeze(2) * tokens.Response; // [B,T]
            return new DiscriminatorOutput(steps.MoveToOuterDisposeScope(), tokens.Response.alias().MoveToOuterDisposeScope());
        }
        var last = (tokens.Mask.sum(1, keepdim: true) - Held(1)).to_type(int64); // [B,1]
        var summary = StateAt(states, last); // [B,H]
        if (reverse_reader is not null)
        {
            // Positions up to the last are mirrored, so that padding is read after the text in this direction too.
            var position = Indices(embedded.shape[1], int64, embedded.device).unsqueeze(0); // [1,T]
            var mirrored = where(position.le(last), last - position, position); // [B,T]
            var backwards = embedded.gather(1, mirrored.unsqueeze(2).expand(embedded.shape)); // [B,T,E]
            summary = cat([summary, StateAt(reverse_reader.call(backwards, twice), last)], 1); // [B,2H]
        }
        return new DiscriminatorOutput(head.call(dropout.call(summary)).MoveToOuterDisposeScope())
        {
            Features = summary.MoveToOuterDisposeScope(), // [B,H], or [B,2H]
        };
    }

    /// <summary>states [B,T,H] at position [B,1] → [B,H].</summary>
    static Tensor StateAt(Tensor states, Tensor position) =>
        states.gather(1, position.unsqueeze(2).expand(-1, -1, states.shape[2])).squeeze(1);
}
