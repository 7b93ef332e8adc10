namespace TextGan.Generators;

/// <summary>
/// A recurrent generator: embedding, LSTM layers, linear head (the generator of SeqGAN, 1609.05473, and of its successors).
/// </summary>
public sealed record LstmGeneratorOptions : GeneratorOptions
{
    /// <summary>E: the width of a token's embedding. Default 64.</summary>
    [Range(1, 65536)]
    public int Embedding { get; init; } = 64;

    /// <summary>H: the width of the recurrent state. Default 128.</summary>
    [Range(1, 65536)]
    public int Hidden { get; init; } = 128;

    /// <summary>Number of stacked LSTM layers. Default 1.</summary>
    [Range(1, 64)]
    public int Layers { get; init; } = 1;

    /// <summary>
    /// Share of the embedded tokens, of the values between layers and of the hidden states that is dropped in training. Default 0.
    /// </summary>
    [Range(0.0, 0.99)]
    public double Dropout { get; init; }

    /// <summary>
    /// Whether the head uses the embedding's matrix (1608.05859). Where 'embedding' and 'hidden' differ, a linear layer
    /// without bias first maps the hidden state to the embedding's width. Default false.
    /// </summary>
    public bool TieEmbeddings { get; init; }

    /// <summary>
    /// Every parameter is drawn from a normal distribution with mean 0 and this standard deviation; SeqGAN uses 0.1 and its oracle 1.
    /// Default: none, which means PyTorch's own initialisation, with tied embeddings scaled down to a variance of 1/embedding.
    /// </summary>
    [Range(0.0, 100.0)]
    public double? InitialStandardDeviation { get; init; }

    /// <inheritdoc />
    public override GeneratorOptions? WithoutFusedDropout => Layers > 1 && Dropout > 0 ? this with { Dropout = 0 } : null;

    /// <inheritdoc />
    public override Generator Build(GeneratorContext context) => new LstmGenerator(
        context.VocabularySize, Embedding, Hidden, Layers, Dropout, TieEmbeddings, InitialStandardDeviation, context.Device);
}
