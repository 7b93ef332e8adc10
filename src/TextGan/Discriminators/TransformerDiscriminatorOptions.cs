using TorchSharp;

namespace TextGan.Discriminators;

/// <summary>
/// A pre-norm transformer encoder that reads the text in both directions (1706.03762) and gives it one logit. Tokens after
/// the end of a text are masked.
/// </summary>
public sealed record TransformerDiscriminatorOptions : DiscriminatorOptions
{
    /// <summary>Width of embeddings and states. Default 64.</summary>
    [Range(1, 65_536)]
    public int Embedding { get; init; } = 64;

    /// <summary>Standard deviation of the initial embeddings and learned positions. Default 0.1.</summary>
    [Range(1e-6, 100.0)]
    public double EmbeddingDeviation { get; init; } = 0.1;

    /// <summary>Transformer blocks. Default 2.</summary>
    [Range(1, 256)]
    public int Layers { get; init; } = 2;

    /// <summary>Attention heads; must divide 'embedding'. Default 4.</summary>
    [Range(1, 1024)]
    public int Heads { get; init; } = 4;

    /// <summary>Width of the feed-forward layers; null (default) means four times 'embedding'.</summary>
    [Range(1, 1_000_000)]
    public int? FeedForward { get; init; }

    /// <summary>
    /// "learned" (default): a vector for each position. "rotary": rotated queries and keys; needs an even width of a head.
    /// </summary>
    public PositionEncoding Positions { get; init; } = PositionEncoding.Learned;

    /// <summary>"mean" (default): the mean over the text's positions. "cls": the state of an extra first position.</summary>
    public Pooling Pooling { get; init; } = Pooling.Mean;

    /// <summary>Share that is left out at random while it learns. Default 0.1.</summary>
    [Range(0.0, 0.99)]
    public double Dropout { get; init; } = 0.1;

    public override bool? HasStepLogits => false;

    public override IEnumerable<Problem> Validate(string path)
    {
        foreach (var problem in base.Validate(path)) yield return problem;
        if (Heads < 1) yield break;
        if (Embedding % Heads != 0)
            yield return new Problem($"{path}.heads", $"is {Heads}, which does not divide 'embedding' {Embedding}.");
        else if (Positions == PositionEncoding.Rotary && Embedding / Heads % 2 != 0)
            yield return new Problem($"{path}.positions",
                $"is \"rotary\", which needs an even width of a head; 'embedding' {Embedding} over {Heads} 'heads' is " +
                $"{Embedding / Heads}.");
    }

    public override Discriminator Build(DiscriminatorContext context) =>
        new TransformerDiscriminator(context.VocabularySize, context.Length, Embedding, Layers, Heads, FeedForward
            ?? 4 * Embedding, Positions, Pooling, Dropout, EmbeddingDeviation).to(context.Device);
}
