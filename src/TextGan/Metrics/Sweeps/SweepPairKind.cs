namespace TextGan.Metrics.Sweeps;

/// <summary>Which two figures of a sweep are set against each other.</summary>
public enum SweepPairKind
{
    /// <summary>NLL of samples under the data's exact source, against that of held-out texts under the tempered generator.</summary>
    Likelihood,

    /// <summary>BLEU against self-BLEU.</summary>
    Bleu,

    /// <summary>The language-model score against the reverse one.</summary>
    LanguageModel,
}
