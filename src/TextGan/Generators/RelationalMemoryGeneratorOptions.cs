namespace TextGan.Generators;

/// <summary>
/// A recurrent generator whose state is a memory of slots that attend to one another and to what is read (Santoro et al., 1806.01822), with
/// the gates of an LSTM and a linear head on all slots: RelGAN's generator (Nie et al., ICLR 2019), whose sizes are the defaults.
/// </summary>
public sealed record RelationalMemoryGeneratorOptions : GeneratorOptions
{
    /// <summary>E: the width of a token's embedding. Default 32.</summary>
    [Range(1, 65536)]
    public int Embedding { get; init; } = 32;

    /// <summary>S: slots of the memory. Default 1.</summary>
    [Range(1, 1024)]
    public int Slots { get; init; } = 1;

    /// <summary>Heads of the attention. Default 2.</summary>
    [Range(1, 1024)]
    public int Heads { get; init; } = 2;

    /// <summary>The width of a head's queries, keys and values; a slot is 'heads' times as wide. Default 256.</summary>
    [Range(1, 65536)]
    public int HeadSize { get; init; } = 256;

    /// <summary>Layers, each as wide as a slot, of the network after the attention, with a ReLU between two of them. Default 2.</summary>
    [Range(1, 64)]
    public int MlpLayers { get; init; } = 2;

    /// <inheritdoc />
    public override Generator Build(GeneratorContext context) => new RelationalMemoryGenerator(
        context.VocabularySize, Embedding, Slots, Heads, HeadSize, MlpLayers, context.Device);
}
