using System.ComponentModel.DataAnnotations;
using TextGan.Problems;

namespace TextGan.Training;

/// <summary>Which of a metric's values is better.</summary>
public enum Better
{
    /// <summary>Smaller ones.</summary>
    Lower,

    /// <summary>Larger ones.</summary>
    Higher,
}

/// <summary>Keeps the checkpoint of the adversarial phase with the best value of a metric, beside the newest ones; <c>textgan sample --checkpoint best</c> takes it.</summary>
public sealed record BestCheckpointOptions : ComponentOptions
{
    /// <summary>A value that the experiment's evaluation measures, by its name in metrics.jsonl without "metric/": "nll-DATA", "bleu-2-DATA", "self-bleu-2".</summary>
    [Required]
    public string Metric { get; init; } = "";

    /// <summary>"lower" (default) or "higher" values are better. A value that is not a number is never the best.</summary>
    public Better Better { get; init; } = Better.Lower;
}
