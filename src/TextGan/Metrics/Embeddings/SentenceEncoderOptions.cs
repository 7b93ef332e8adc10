namespace TextGan.Metrics.Embeddings;

/// <summary>What the metric "embedding-distance" embeds texts by.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(CorpusEncoderOptions), "corpus")]
[JsonDerivedType(typeof(PretrainedEncoderOptions), "pretrained")]
public abstract record SentenceEncoderOptions : ComponentOptions<SentenceEncoderContext, SentenceEncoder>
{
    /// <summary>What names of values end with ("frechet-NAME"): letters, digits, '-' and '_'.</summary>
    public abstract string NameEnd { get; }
}

/// <summary>What an encoder of sentences is built from beside its options.</summary>
/// <param name="Encoder">Tokenizer and row length.</param>
/// <param name="Device">Where models compute.</param>
/// <param name="BaseFolder">Relative paths in the options start here.</param>
/// <param name="Corpus">At most so many training texts of the metric's data set, spread evenly over them.</param>
public sealed record SentenceEncoderContext(
    TextEncoder Encoder, Device Device, string BaseFolder, Func<int, IReadOnlyList<string>> Corpus);
