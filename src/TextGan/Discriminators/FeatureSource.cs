namespace TextGan.Discriminators;

/// <summary>What of a frozen model a discriminator reads.</summary>
public enum FeatureSource
{
    /// <summary>The embedding of each token.</summary>
    Embeddings,

    /// <summary>The hidden states of one layer.</summary>
    Hidden,
}
