namespace TextGan.Tokenization;

/// <summary>
/// Byte-level byte-pair encoding as in GPT-2, from its vocabulary and merges files. Every text can be encoded and comes back
/// exactly; there is no unknown token. The end token serves as start, end and padding; spelt out in a text it is ordinary text.
/// Runs of more than 1024 characters without a blank are encoded in parts.
/// </summary>
public sealed record BpeTokenizerOptions : TokenizerOptions
{
    /// <summary>
    /// The vocabulary (vocab.json): a JSON object from token to id; a relative path starts at the folder of the experiment file.
    /// </summary>
    [Required]
    public string VocabularyFile { get; init; } = "";

    /// <summary>The merges (merges.txt): two tokens per line, in the order in which they are merged.</summary>
    [Required]
    public string MergesFile { get; init; } = "";

    /// <summary>The token of the vocabulary that starts, ends and fills up a text. Default "&lt;|endoftext|&gt;".</summary>
    public string EndToken { get; init; } = "<|endoftext|>";

    /// <inheritdoc/>
    public override ITokenizer Build(TokenizerContext context) =>
        new BpeTokenizer(InputFile.Resolve(context.BaseFolder, VocabularyFile), InputFile.Resolve(context.BaseFolder, MergesFile),
            EndToken);
}
