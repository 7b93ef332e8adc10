using System.ComponentModel.DataAnnotations;
using TextGan.Problems;

namespace TextGan.Learning.Objectives;

/// <summary>Each discriminator's signal is brought to mean 0 and deviation 1 by its own running statistics before it is weighted (GDPO, 2601.05242).</summary>
public sealed record NormalizationOptions : ComponentOptions
{
    /// <summary>Share of the old mean and variance that is kept at each step. Default 0.95.</summary>
    [Range(0.0, 0.999999)]
    public double Decay { get; init; } = 0.95;
}
