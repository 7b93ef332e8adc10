namespace TextGan.Tokenization;

/// <summary>
/// Unicode characters (scalar values), with a vocabulary learnt from the training texts. Id 0, shown as &lt;end&gt;, serves as
/// start, end and padding; id 1, shown as &lt;unk&gt;, stands for every character that the vocabulary does not have and is
/// decoded as U+FFFD, the replacement character.
/// </summary>
public sealed record CharacterTokenizerOptions : TokenizerOptions
{
    /// <summary>
    /// The most tokens, the two special ones included: the most frequent characters are kept, equally frequent ones in ordinal order.
    /// Default 10000.
    /// </summary>
    [Range(3, 1_200_000)]
    public int Vocabulary { get; init; } = 10_000;

    /// <summary>How often a character must occur in the training texts to be in the vocabulary. Default 1.</summary>
    [Range(1, int.MaxValue)]
    public int MinimumCount { get; init; } = 1;

    /// <summary>Whether texts are converted to lower case, which decoding does not undo. Default false.</summary>
    public bool Lowercase { get; init; }

    /// <inheritdoc/>
    public override ITokenizer Build(TokenizerContext context) => context.FittedVocabulary is { } fitted
        ? CharacterTokenizer.Restore(fitted, Lowercase)
        : CharacterTokenizer.Fit(context.Texts, Vocabulary, MinimumCount, Lowercase);
}
