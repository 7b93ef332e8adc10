namespace TextGan.Tokenization;

/// <summary>
/// Splits texts at white space (Unicode) and learns a vocabulary from the training texts. Id 0, &lt;end&gt;, is the start, end and padding
/// token, as in GPT-2; id 1, &lt;unk&gt;, replaces words that are not in the vocabulary. Where a text contains these two strings, they are
/// ordinary words. Decoding joins words with single blanks.
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
