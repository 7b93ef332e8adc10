using System.ComponentModel.DataAnnotations;
using TextGan.Discriminators;
using TextGan.Problems;
using TorchSharp;

namespace CustomDiscriminator;

/// <summary>
/// Judges by how often a token comes back after 1, 2, ... tokens, and by nothing else: it learns how real texts repeat
/// themselves, which convolutions of width 2 to 5 cannot see over longer distances.
/// </summary>
[Kind("repetition")]
public sealed record RepetitionOptions : DiscriminatorOptions
{
    /// <summary>The longest distance between a token and its repetition, in tokens. Default 8.</summary>
    [Range(1, 1024)]
    public int Distances { get; init; } = 8;

    /// <summary>Width of the hidden layer. Default 16.</summary>
    [Range(1, 4096)]
    public int Hidden { get; init; } = 16;

    public override Discriminator Build(DiscriminatorContext context) =>
        new RepetitionDiscriminator(context.VocabularySize, Distances, Hidden).to(context.Device);
}
