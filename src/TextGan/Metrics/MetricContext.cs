using TextGan.Data;
using TextGan.Metrics.Exact;

namespace TextGan.Metrics;

/// <summary>What a metric is prepared from beside its options.</summary>
/// <param name="DataSets">The experiment's data sets by name.</param>
/// <param name="Encoder">Tokenizer and row length.</param>
/// <param name="BatchSize">The most texts in one forward pass.</param>
public sealed record MetricContext(IReadOnlyDictionary<string, DataSet> DataSets, TextEncoder Encoder, int BatchSize)
{
    /// <summary>Where models of its own compute.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>What evaluations divide logits by before they draw.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Relative paths in the options start here.</summary>
    public string BaseFolder { get; init; } = "";

    /// <summary>How many tokens the generator was trained to read ("pretraining.teacher.context"); null: all.</summary>
    public int? StudentContext { get; init; }

    /// <summary>β: the configured weight of the KL from the reference ("regularizers.kl"); 0: no such term.</summary>
    public double KlWeight { get; init; }

    /// <summary>All texts of the generator; set on first use.</summary>
    internal EnumeratedTexts? Enumerated { get; set; }
}
