namespace TextGan.Metrics.LanguageModels;

/// <summary>A language model of fixed setting that has learnt from some texts and scores others.</summary>
public abstract class ScoringModel : IDisposable
{
    /// <summary>The mean of -ln p(token | the tokens before it) over all tokens of the texts, in nats; NaN without any.</summary>
    /// <param name="texts">Token ids, those of the ends included.</param>
    public double NatsPerToken(IReadOnlyList<int[]> texts)
    {
        var tokens = texts.Sum(text => (long)text.Length);
        return tokens == 0 ? double.NaN : -LogProbability(texts) / tokens;
    }

    /// <summary>The sum of ln p over all texts.</summary>
    protected abstract double LogProbability(IReadOnlyList<int[]> texts);

    /// <summary>A model of a kind that has learnt from texts.</summary>
    /// <param name="kind">Which model.</param>
    /// <param name="texts">Token ids, those of the ends included.</param>
    /// <param name="tokenizer">Their tokenizer.</param>
    /// <param name="device">Where a neural model computes.</param>
    public static ScoringModel Learn(ScoringModelKind kind, IReadOnlyList<int[]> texts, ITokenizer tokenizer, Device device) =>
        kind == ScoringModelKind.NGram ? new NGramScoringModel(texts, tokenizer) : new LstmScoringModel(texts, tokenizer, device);

    /// <summary>What values are called after a kind: "n-gram", "lstm".</summary>
    public static string NameOf(ScoringModelKind kind) => kind == ScoringModelKind.NGram ? "n-gram" : "lstm";

    public virtual void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>Trigrams with Witten-Bell smoothing (<see cref="NGramModel"/>); ends are tokens like others.</summary>
/// <param name="texts">What it learns from.</param>
/// <param name="tokenizer">Their tokenizer.</param>
public sealed class NGramScoringModel(IReadOnlyList<int[]> texts, ITokenizer tokenizer) : ScoringModel
{
    public const int Order = 3;

    readonly NGramModel model = new(texts, Order, [.. Enumerable.Range(0, tokenizer.VocabularySize)]);

    protected override double LogProbability(IReadOnlyList<int[]> texts) => texts.Sum(text => model.LogProbability(text));
}
