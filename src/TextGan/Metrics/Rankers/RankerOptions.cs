namespace TextGan.Metrics.Rankers;

/// <summary>What the metric "ranking" ranks strings of tokens by: its score is the log-likelihood in nats per token.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ModelRankerOptions), "model")]
[JsonDerivedType(typeof(NGramRankerOptions), "n-gram")]
[JsonDerivedType(typeof(GeneratorRankerOptions), "generator")]
[JsonDerivedType(typeof(ReferenceRankerOptions), "reference")]
public abstract record RankerOptions : ComponentOptions<RankerContext, Ranker>
{
    /// <summary>Whether it is the generator as it was at the start of the adversarial phase.</summary>
    public virtual bool NeedsReference => false;
}

/// <summary>What a ranker is built from beside its options.</summary>
/// <param name="Encoder">The experiment's tokenizer.</param>
/// <param name="BaseFolder">Relative paths in the options start here.</param>
/// <param name="Device">Where models compute.</param>
/// <param name="BatchSize">The most strings in one forward pass.</param>
/// <param name="NGram">Gives the n-gram model of an order.</param>
public sealed record RankerContext(TextEncoder Encoder, string BaseFolder, Device Device, int BatchSize, Func<int, NGramModel> NGram);
