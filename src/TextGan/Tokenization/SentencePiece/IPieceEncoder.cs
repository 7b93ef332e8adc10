namespace TextGan.Tokenization.SentencePiece;

/// <summary>Cuts normalised text into pieces.</summary>
internal interface IPieceEncoder
{
    /// <summary>The pieces of a text in their order; together they are the text.</summary>
    /// <param name="text">UTF-8.</param>
    List<TextPiece> Encode(ReadOnlySpan<byte> text);
}

/// <summary>A part of a text.</summary>
/// <param name="Length">In bytes.</param>
/// <param name="Id">The piece's id, or the unknown one's.</param>
internal readonly record struct TextPiece(int Length, int Id);
