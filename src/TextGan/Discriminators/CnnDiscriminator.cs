using TorchSharp.Modules;

namespace TextGan.Discriminators;

/// <summary>
/// Convolutions of several widths over the embedded text, the strongest answer of each filter over time, a highway layer, a
/// logit (SeqGAN 1609.05473, after Kim 1408.5882). It reads all T positions: tokens after the end are read as ordinary
/// end tokens, as SeqGAN does, so the length of a text is part of what it judges. With several representations it is RelGAN's
/// discriminator: R narrower embeddings, one network, a logit for each. Losses pair the logits of a real and a generated text
/// representation by representation; where a text has one score (accuracy, rewards), it is the mean of its logits.
/// </summary>
public sealed class CnnDiscriminator : Discriminator
{
    readonly TokenEmbedding embedding;
    readonly ModuleList<Linear> convolutions; // of width w: [filters, w·E/R]
    readonly Highway highway;
    readonly Dropout dropout;
    readonly Linear? fully_connected;
    readonly Linear head;
    readonly int[] widths;
    readonly int representations;

    /// <param name="vocabularySize">V.</param>
    /// <param name="embedding">E: width of a token's embedding.</param>
    /// <param name="widths">Tokens that each convolution sees at once; none above T.</param>
    /// <param name="filters">Filters of each convolution: as many numbers as widths, or one for all.</param>
    /// <param name="representations">R: the embedding is read as R narrower ones, each by the same convolutions and with a logit of its own
    /// (RelGAN); divides E.</param>
    /// <param name="dropout">Share of features left out while learning.</param>
    /// <param name="embeddingDeviation">Standard deviation of the initial embeddings.</param>
    /// <param name="fullyConnected">Outputs of a linear layer before the logit; null: none.</param>
    /// <param name="gateBias">Initial bias of the highway layer's gate.</param>
    public CnnDiscriminator(int vocabularySize, int embedding, IReadOnlyList<int> widths, IReadOnlyList<int> filters, int representations,
        double dropout, double embeddingDeviation, int? fullyConnected = null, double gateBias = -2)
        : base(nameof(CnnDiscriminator), vocabularySize)
    {
        this.widths = [.. widths];
        this.representations = representations;
        var counts = filters.Count == 1 ? Enumerable.Repeat(filters[0], widths.Count).ToArray() : [.. filters];
        this.embedding = new TokenEmbedding(vocabularySize, embedding, embeddingDeviation);
        convolutions = new ModuleList<Linear>(
            [.. this.widths.Zip(counts, (width, count) => nn.Linear(width * (embedding / representations), count))]);
        highway = new Highway(counts.Sum(), gateBias);
        this.dropout = nn.Dropout(dropout);
        fully_connected = fullyConnected is { } outputs ? nn.Linear(counts.Sum(), outputs) : null;
        head = nn.Linear(fullyConnected ?? counts.Sum(), 1);
        RegisterComponents();
    }

    /// <summary>[B,T] ids (or [B,T,V] relaxed tokens) → logits [B,R]; all count.</summary>
    public override DiscriminatorOutput forward(TextBatch tokens)
    {
        using var scope = NewDisposeScope();
        var embedded = embedding.call(tokens); // [B,T,E]
        var (batch, length) = (embedded.shape[0], embedded.shape[1]);
        if (representations > 1)
            // [B·R,T,E/R]
            embedded = embedded.reshape(batch, length, representations, -1).transpose(1, 2).reshape(batch * representations, length, -1);
        // The maximum is taken before the ReLU: the result is the same and T times less is rectified.
        // [B·R,F]
        var strongest = MaxOverTime.Of(embedded, widths,
            [.. convolutions.SelectMany(convolution => new[] { convolution.weight!, convolution.bias! })]);
        var features = highway.call(strongest.relu()); // [B·R,F]
        var read = dropout.call(features);
        if (fully_connected is not null) read = LinearLayer.Of(read, fully_connected.weight!, fully_connected.bias);
        var logits = head.call(read).reshape(batch, representations); // [B,R]
        return new DiscriminatorOutput(logits.MoveToOuterDisposeScope())
        {
            Features = features.reshape(batch, -1).MoveToOuterDisposeScope(), // [B,R·F]
        };
    }
}
