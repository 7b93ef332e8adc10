using System.ComponentModel.DataAnnotations;
using TextGan.Discriminators;
using TextGan.Problems;
using TorchSharp;

namespace NewJudge;

/// <summary>Judges a text by which tokens it has, whatever their order.</summary>
[Kind("new-judge")]
public sealed record NewJudgeOptions : DiscriminatorOptions
{
    /// <summary>E: the length of a token's vector. Default 32.</summary>
    [Range(1, 4096)]
    public int Embedding { get; init; } = 32;

    /// <summary>H: the width of the hidden layer. Default 64.</summary>
    [Range(1, 4096)]
    public int Hidden { get; init; } = 64;

    public override Discriminator Build(DiscriminatorContext context) =>
        new NewJudgeDiscriminator(context.VocabularySize, Embedding, Hidden).to(context.Device);
}
