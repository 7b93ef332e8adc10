namespace TextGan.Tokenization;

/// <summary>
/// Texts that are token ids already (oracle data): decimal numbers between blanks. The generator starts from id 0, which is
/// also an ordinary token. There is no end token and no unknown token, so every text must be as long as the experiment's rows.
/// </summary>
public sealed record IdTokenizerOptions : TokenizerOptions
{
    /// <summary>V: the ids run from 0 to this number minus 1. Default 5000.</summary>
    [Range(2, 10_000_000)]
    public int Vocabulary { get; init; } = 5_000;

    /// <inheritdoc/>
    public override ITokenizer Build(TokenizerContext context) => new IdTokenizer(Vocabulary);
}
