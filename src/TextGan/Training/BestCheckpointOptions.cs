using TextGan.Runs.Format;
using TextGan.Runs.Recording;

namespace TextGan.Training;

/// <summary>Which of a metric's values is better.</summary>
public enum Better
{
    /// <summary>Smaller ones.</summary>
    Lower,

    /// <summary>Larger ones.</summary>
    Higher,
}

/// <summary>
/// Keeps the checkpoint of the adversarial phase with the best value of a metric, beside the newest ones; <c>textgan sample --checkpoint
/// best</c> takes it.
/// </summary>
public sealed record BestCheckpointOptions : ComponentOptions
{
    /// <summary>
    /// A value that the experiment's evaluation measures, by its name in metrics.jsonl without "metric/": "nll-DATA", "bleu-2-DATA",
    /// "self-bleu-2".
    /// </summary>
    [Required]
    public string Metric { get; init; } = "";

    /// <summary>
    /// "lower" or "higher" values are better; null (default) goes by the metric's name: lower for NLL, divergences and distances,
    /// self-BLEU, duplicates and unknown tokens, higher for BLEU, distinct-n, the grammar's rates and those of rules. Where the name does
    /// not tell it must be given. A NaN is never the best.
    /// </summary>
    public Better? Better { get; init; }

    /// <summary>Whether higher values are better; null where neither <see cref="Better"/> nor the metric's name tells.</summary>
    internal bool? HigherIsBetter => Better is { } better ? better == Training.Better.Higher : MetricDirection.HigherIsBetter(Metric);

    /// <summary>What keeps the best checkpoint's name while a run trains.</summary>
    public BestCheckpoint Build() => new(Metric, HigherIsBetter == true);
}
