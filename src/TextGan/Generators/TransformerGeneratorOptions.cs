namespace TextGan.Generators;

/// <summary>
/// A causal transformer in the layout of Llama (2302.13971): rotary positions, root-mean-square norms, grouped-query attention,
/// SwiGLU. Its parameters carry the names that Hugging Face gives Llama's, so that pretrained weights fit.
/// </summary>
public sealed record TransformerGeneratorOptions : GeneratorOptions
{
    /// <summary>H: the width of the model; a multiple of 'heads'. Default 128.</summary>
    [Range(1, 65536)]
    public int Hidden { get; init; } = 128;

    /// <summary>Number of layers, each of attention and a feed-forward network. Default 2.</summary>
    [Range(1, 256)]
    public int Layers { get; init; } = 2;

    /// <summary>Number of attention heads; hidden / heads must be even. Default 4.</summary>
    [Range(1, 1024)]
    public int Heads { get; init; } = 4;

    /// <summary>
    /// Number of key and value heads, each shared by heads / keyValueHeads query heads (2305.13245). Default: as many as 'heads'.
    /// </summary>
    [Range(1, 1024)]
    public int? KeyValueHeads { get; init; }

    /// <summary>The width of the feed-forward network. Default: 8/3 of 'hidden', rounded up to a multiple of 8.</summary>
    [Range(1, 1_000_000)]
    public int? FeedForward { get; init; }

    /// <summary>Whether the head uses the embedding's matrix. Default true.</summary>
    public bool TieEmbeddings { get; init; } = true;

    /// <summary>
    /// Share of the embedded tokens and of what each attention and feed-forward network adds that is dropped in training. Default 0.
    /// </summary>
    [Range(0.0, 0.99)]
    public double Dropout { get; init; }

    /// <summary>Added to the mean square in the norms. Default 0.00001.</summary>
    [Range(0.0, 1.0)]
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>The base of the rotary positions' wavelengths (2104.09864). Default 10000.</summary>
    [Range(1.0, 1e12)]
    public double RopeTheta { get; init; } = 10_000;

    /// <summary>
    /// Every matrix is drawn from a normal distribution with mean 0 and this standard deviation; norms start at 1. Default 0.02.
    /// </summary>
    [Range(0.0, 100.0)]
    public double InitialStandardDeviation { get; init; } = 0.02;

    /// <inheritdoc />
    public override IEnumerable<Problem> Validate(string path) => Shape(0).Problems(path);

    /// <inheritdoc />
    public override Generator Build(GeneratorContext context) => new TransformerGenerator(
        Shape(context.VocabularySize), TieEmbeddings, Dropout, Epsilon, RopeTheta, InitialStandardDeviation, context.Device);

    internal TransformerShape Shape(int vocabularySize) =>
        new(vocabularySize, Hidden, Layers, Heads, KeyValueHeads ?? Heads, FeedForward ?? (Hidden * 8 + 23) / 24 * 8);
}
