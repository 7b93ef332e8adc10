using TorchSharp;

namespace TextGan.Discriminators;

/// <summary>
/// A network over the mean of a text's embeddings: it knows which words a text has and not their order. Cheap, and a baseline for kinds
/// that know order.
/// </summary>
public sealed record BagDiscriminatorOptions : DiscriminatorOptions
{
    /// <summary>Width of a token's embedding. Default 64.</summary>
    [Range(1, 65_536)]
    public int Embedding { get; init; } = 64;

    /// <summary>Standard deviation of the initial embeddings. Default 1.</summary>
    [Range(1e-6, 100.0)]
    public double EmbeddingDeviation { get; init; } = 1;

    /// <summary>Width of the hidden layer. Default 64.</summary>
    [Range(1, 65_536)]
    public int Hidden { get; init; } = 64;

    /// <summary>Share of the hidden layer that is left out at random while it learns. Default 0.</summary>
    [Range(0.0, 0.99)]
    public double Dropout { get; init; }

    public override bool? HasStepLogits => false;

    public override bool HasFeatures => true;

    public override Discriminator Build(DiscriminatorContext context) =>
        new BagDiscriminator(context.VocabularySize, Embedding, Hidden, Dropout, EmbeddingDeviation).to(context.Device);
}
