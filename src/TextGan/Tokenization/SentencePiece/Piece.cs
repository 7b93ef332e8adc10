namespace TextGan.Tokenization.SentencePiece;

/// <summary>One entry of a model's vocabulary; its id is its position.</summary>
/// <param name="Text">A blank is U+2581.</param>
/// <param name="Score">Unigram: the logarithm of its probability; BPE: higher is merged earlier.</param>
/// <param name="Type">What it is for.</param>
internal readonly record struct Piece(string Text, float Score, PieceType Type);
