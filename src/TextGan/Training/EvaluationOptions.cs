using TextGan.Generators.Sampling;
using TextGan.Metrics;

namespace TextGan.Training;

/// <summary>What is measured, how often, and on how many samples.</summary>
public sealed record EvaluationOptions : ComponentOptions
{
    /// <summary>Every n adversarial iterations, and before the first and after the last. Default 100.</summary>
    [Range(1, 100_000_000)]
    public int Every { get; init; } = 100;

    /// <summary>Every n epochs of pretraining; 0 (default) after the last only.</summary>
    [Range(0, 1_000_000)]
    public int EveryEpochs { get; init; }

    /// <summary>Texts drawn for an evaluation, and the most held-out texts that each discriminator judges in it. Default 500.</summary>
    [Range(2, 10_000_000)]
    public int Samples { get; init; } = 500;

    /// <summary>
    /// Texts that are drawn or measured at a time. Fewer need less memory, which counts for a large model or vocabulary; another number
    /// gives other random texts. Default 256.
    /// </summary>
    [Range(1, 1_000_000)]
    public int Batch { get; init; } = 256;

    /// <summary>How they are sampled. Default: from the model's own distribution.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>
    /// Whether discriminators with held-out pairs are compared with two simple judges of the same pairs, a logistic regression on words and
    /// pairs of words and the length alone, by McNemar's test. These learn from the training pairs when the adversarial phase begins.
    /// Default false.
    /// </summary>
    public bool PairBaselines { get; init; }

    /// <summary>
    /// The metrics. The samples' share of unknown tokens ("unknown") is measured in any case, if the tokenizer has such a token.
    /// </summary>
    public IReadOnlyList<MetricOptions> Metrics { get; init; } = [];
}
