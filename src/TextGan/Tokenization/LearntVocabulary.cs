namespace TextGan.Tokenization;

/// <summary>
/// A vocabulary learnt from text: two special tokens and then pieces of text (words or characters), most frequent first. The
/// special tokens are known by their ids alone, so a piece of text that is spelt like one is an ordinary piece.
/// </summary>
internal sealed class LearntVocabulary
{
    public const int EndId = 0;
    public const int UnknownId = 1;
    const int Specials = 2;

    static readonly string[] SpecialTexts = ["<end>", "<unk>"];

    readonly Dictionary<string, int> ids;
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;

    LearntVocabulary(string[] tokens)
    {
        Tokens = tokens;
        ids = new Dictionary<string, int>(tokens.Length, StringComparer.Ordinal);
        for (var id = Specials; id < tokens.Length; id++)
        {
            if (!ids.TryAdd(tokens[id], id))
                throw new InvalidInputException("stored vocabulary", $"The entries {ids[tokens[id]]} and {id} are both \"{tokens[id]}\".");
        }
        lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The texts of all tokens in the order of their ids, special ones included.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>The id of a piece of text, or <see cref="UnknownId"/>.</summary>
    public int IdOf(ReadOnlySpan<char> piece) => lookup.TryGetValue(piece, out var id) ? id : UnknownId;

    /// <summary>
    /// Keeps the <paramref name="size"/> - 2 most frequent pieces that occur at least <paramref name="minimumCount"/> times;
    /// equally frequent ones in ordinal order.
    /// </summary>
    /// <param name="counts">How often each piece occurs.</param>
    /// <param name="size">The most tokens, special ones included.</param>
    /// <param name="minimumCount">What a piece must reach to be kept.</param>
    /// <param name="unit">What a piece is called, for the error.</param>
    public static LearntVocabulary Fit(IEnumerable<KeyValuePair<string, long>> counts, int size, int minimumCount, string unit)
    {
        var kept = counts.Where(entry => entry.Value >= minimumCount).ToArray();
        if (kept.Length == 0)
            throw new InvalidInputException("$.tokenizer",
                $"No {unit} occurs at least {Amount.Of(minimumCount, "time")} in the training texts, so there is nothing to learn a " +
                $"vocabulary from.");
        Array.Sort(kept, (a, b) => a.Value != b.Value ? b.Value.CompareTo(a.Value) : string.CompareOrdinal(a.Key, b.Key));
        return new LearntVocabulary([.. SpecialTexts, .. kept.Take(size - Specials).Select(entry => entry.Key)]);
    }

    /// <summary>The same vocabulary again from what <see cref="Tokens"/> gave.</summary>
    /// <param name="tokens">Special tokens first.</param>
    /// <param name="isPiece">Whether a text can be a piece at all.</param>
    /// <param name="unit">What a piece is called, for the error.</param>
    public static LearntVocabulary Restore(IReadOnlyList<string> tokens, Func<string, bool> isPiece, string unit)
    {
        if (tokens.Count <= Specials || !tokens.Take(Specials).SequenceEqual(SpecialTexts))
            throw new InvalidInputException("stored vocabulary",
                $"It has {Amount.Of(tokens.Count, "entry", "entries")} and begins with " +
                $"\"{string.Join("\", \"", tokens.Take(Specials))}\" where \"<end>\", \"<unk>\" and at least one {unit} are expected.");
        for (var id = Specials; id < tokens.Count; id++)
        {
            if (tokens[id] is not { } token || !isPiece(token))
                throw new InvalidInputException("stored vocabulary", $"The entry {id} (\"{tokens[id]}\") is no {unit}.");
        }
        return new LearntVocabulary([.. tokens]);
    }
}
