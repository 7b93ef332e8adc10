namespace TextGan.Tokenization;

/// <summary>
/// Words between blanks (Unicode white space), with a vocabulary learnt from the training texts. Id 0, shown as &lt;end&gt;,
/// serves as start, end and padding, as GPT-2's end token does; id 1, shown as &lt;unk&gt;, stands for every word that the
/// vocabulary does not have. A text may contain these signs; they are then ordinary words. Decoding joins words by
/// single blanks.
/// </summary>
public sealed record WordTokenizerOptions : TokenizerOptions
{
    /// <summary>
    /// The most tokens, the two special ones included: the most frequent words are kept, equally frequent ones in ordinal order. Default
    /// 10000.
    /// </summary>
    [Range(3, 10_000_000)]
    public int Vocabulary { get; init; } = 10_000;

    /// <summary>How often a word must occur in the training texts to be in the vocabulary. Default 1.</summary>
    [Range(1, int.MaxValue)]
    public int MinimumCount { get; init; } = 1;

    /// <summary>Whether texts are converted to lower case, which decoding does not undo. Default false.</summary>
    public bool Lowercase { get; init; }

    /// <summary>
    /// Whether each punctuation character (Unicode categories P) is a token of its own. Default false. The token of a
    /// punctuation character bears the mark U+FFED on each side where it touched its neighbour ("it's" is it, ￭'￭, s), and
    /// decoding sets a blank between two tokens unless such a mark lies between them, so that the text comes back as it was.
    /// </summary>
    public bool SplitPunctuation { get; init; }

    /// <inheritdoc/>
    public override ITokenizer Build(TokenizerContext context) => context.FittedVocabulary is { } fitted
        ? WordTokenizer.Restore(fitted, Lowercase, SplitPunctuation)
        : WordTokenizer.Fit(context.Texts, Vocabulary, MinimumCount, Lowercase, SplitPunctuation);
}
