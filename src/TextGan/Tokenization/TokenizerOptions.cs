namespace TextGan.Tokenization;

/// <summary>How text becomes tokens.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(WordTokenizerOptions), "word")]
[JsonDerivedType(typeof(CharacterTokenizerOptions), "character")]
[JsonDerivedType(typeof(IdTokenizerOptions), "ids")]
[JsonDerivedType(typeof(BpeTokenizerOptions), "bpe")]
[JsonDerivedType(typeof(TiktokenTokenizerOptions), "tiktoken")]
[JsonDerivedType(typeof(SentencePieceTokenizerOptions), "sentencepiece")]
[JsonDerivedType(typeof(PretrainedTokenizerOptions), "pretrained")]
public abstract record TokenizerOptions : ComponentOptions<TokenizerContext, ITokenizer>;
