namespace TextGan.Metrics.LanguageModels;

/// <summary>Which language model scores texts. Each has one fixed setting, so that scores of different runs can be compared.</summary>
public enum ScoringModelKind
{
    /// <summary>Trigrams with Witten-Bell smoothing.</summary>
    NGram,

    /// <summary>An LSTM with one layer of 128 units and embeddings of 64.</summary>
    Lstm,
}
