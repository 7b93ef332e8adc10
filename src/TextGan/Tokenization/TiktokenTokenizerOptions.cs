namespace TextGan.Tokenization;

/// <summary>
/// OpenAI's byte-level encodings (tiktoken), which come with the program. Every text can be encoded and comes back exactly. The
/// token &lt;|endoftext|&gt; serves as start, end and padding; special tokens spelt out in a text are ordinary text. Runs of more
/// than 1024 characters without a blank are encoded in parts.
/// </summary>
public sealed record TiktokenTokenizerOptions : TokenizerOptions
{
    /// <summary>"cl100k_base" (default; 100,277 ids) or "o200k_base" (200,019 ids).</summary>
    public TiktokenEncoding Encoding { get; init; } = TiktokenEncoding.Cl100kBase;

    /// <inheritdoc/>
    public override ITokenizer Build(TokenizerContext context) => new TiktokenTokenizer(Encoding);
}
