using TextGan.Generators;
using TextGan.Generators.Lora;

namespace TextGan.Tests.Generators.Lora;

/// <summary>A transformer with random weights in the place of a pretrained model, and adapters beside it.</summary>
sealed record LoraCase : GeneratorOptions
{
    public TransformerGeneratorOptions Model { get; init; } =
        new() { Hidden = 8, Layers = 2, Heads = 2, FeedForward = 12, InitialStandardDeviation = 0.6 };

    public LoraOptions Lora { get; init; } = new() { Rank = 2, Alpha = 3 };

    public override Generator Build(GeneratorContext context) =>
        new LoraGenerator((DecoderGenerator)Model.Build(context), Lora);
}
