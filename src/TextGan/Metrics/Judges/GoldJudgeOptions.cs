using TextGan.Data;

namespace TextGan.Metrics.Judges;

/// <summary>What a "gold" metric scores texts by.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(NGramJudgeOptions), "n-gram")]
[JsonDerivedType(typeof(LikelihoodJudgeOptions), "likelihood")]
[JsonDerivedType(typeof(AttributeJudgeOptions), "attribute")]
[JsonDerivedType(typeof(RuleJudgeOptions), "rule")]
public abstract record GoldJudgeOptions : ComponentOptions<GoldJudgeContext, GoldJudge>
{
    /// <summary>Whether it learns from the metric's data set, which training must not read then.</summary>
    public virtual bool Learns => false;

    /// <summary>Whether that data set must have pairs.</summary>
    public virtual bool NeedsPairs => false;

    /// <summary>Whether it needs a data set at all.</summary>
    public virtual bool NeedsData => Learns || NeedsExactSource;

    /// <summary>Whether that data set must be drawn from a known distribution.</summary>
    public virtual bool NeedsExactSource => false;
}

/// <summary>What a gold judge is built from beside its options.</summary>
/// <param name="Data">The metric's data set; null where it names none.</param>
/// <param name="Encoder">Tokenizer and row length.</param>
/// <param name="Device">Where its models compute.</param>
/// <param name="BaseFolder">Where relative paths in the options start.</param>
/// <param name="BatchSize">The most texts in one forward pass.</param>
public sealed record GoldJudgeContext(DataSet? Data, TextEncoder Encoder, Device Device, string BaseFolder, int BatchSize);
