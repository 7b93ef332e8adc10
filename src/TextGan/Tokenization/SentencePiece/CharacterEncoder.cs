namespace TextGan.Tokenization.SentencePiece;

/// <summary>Each character is a piece, and so is each user-defined symbol.</summary>
internal sealed class CharacterEncoder(Vocabulary vocabulary) : IPieceEncoder
{
    public List<TextPiece> Encode(ReadOnlySpan<byte> text)
    {
        var pieces = new List<TextPiece>();
        while (!text.IsEmpty)
        {
            var length = vocabulary.Symbols.LongestPrefix(text) is > 0 and var symbol ? symbol : Vocabulary.CharacterLength(text);
            pieces.Add(new(length, vocabulary.IdOf(text[..length])));
            text = text[length..];
        }
        return pieces;
    }
}
