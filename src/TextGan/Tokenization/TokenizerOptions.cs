using System.Text.Json.Serialization;
using TextGan.Problems;

namespace TextGan.Tokenization;

/// <summary>How text becomes tokens.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(WordTokenizerOptions), "word")]
[JsonDerivedType(typeof(CharacterTokenizerOptions), "character")]
[JsonDerivedType(typeof(IdTokenizerOptions), "ids")]
[JsonDerivedType(typeof(BpeTokenizerOptions), "bpe")]
[JsonDerivedType(typeof(TiktokenTokenizerOptions), "tiktoken")]
[JsonDerivedType(typeof(SentencePieceTokenizerOptions), "sentencepiece")]
public abstract record TokenizerOptions : ComponentOptions
{
    /// <summary>Builds the tokenizer. Throws <see cref="InvalidInputException"/> for files that are missing or damaged.</summary>
    public abstract ITokenizer Build(TokenizerContext context);
}
