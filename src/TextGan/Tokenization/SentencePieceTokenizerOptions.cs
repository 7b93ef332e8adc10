using System.ComponentModel.DataAnnotations;
using TextGan.Storage;

namespace TextGan.Tokenization;

/// <summary>
/// A SentencePiece model as Llama has it. The model's begin token starts a text and its end token ends it and fills it up. A
/// model with byte pieces (Llama's) can encode every text; others have an unknown token.
/// </summary>
public sealed record SentencePieceTokenizerOptions : TokenizerOptions
{
    /// <summary>The model (tokenizer.model); a relative path starts at the folder of the experiment file.</summary>
    [Required]
    public string Model { get; init; } = "";

    /// <inheritdoc/>
    public override ITokenizer Build(TokenizerContext context) => new SentencePieceTokenizer(InputFile.Resolve(context.BaseFolder, Model));
}
