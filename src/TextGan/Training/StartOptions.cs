using System.ComponentModel.DataAnnotations;
using TextGan.Problems;

namespace TextGan.Training;

/// <summary>The checkpoint of another run whose generator weights a run begins with.</summary>
public sealed record StartOptions : ComponentOptions
{
    /// <summary>The folder of that run, such as runs/EXPERIMENT/SEED; its tokens and its generator must be those of this experiment.</summary>
    [Required]
    public string Run { get; init; } = "";

    /// <summary>Steps of its last phase that has a checkpoint of so many; null (default) means its newest checkpoint that is whole.</summary>
    [Range(0, long.MaxValue)]
    public long? Step { get; init; }
}
