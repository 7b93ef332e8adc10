namespace TextGan.Tokenization;

/// <summary>
/// A SentencePiece model of any kind (unigram, bpe, word, char), with the ids that SentencePiece gives. The model's begin token
/// starts a text and its end token ends it and fills it up; it must have both. A model with byte pieces (Llama's) can encode every
/// text; others have an unknown token. The model's own normalisation applies, so that decoded texts may differ from the original.
/// </summary>
public sealed record SentencePieceTokenizerOptions : TokenizerOptions
{
    /// <summary>The model (tokenizer.model); a relative path starts at the folder of the experiment file.</summary>
    [Required]
    public string Model { get; init; } = "";

    /// <inheritdoc/>
    public override ITokenizer Build(TokenizerContext context) => new SentencePieceTokenizer(InputFile.Resolve(context.BaseFolder, Model));
}
