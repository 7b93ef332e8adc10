namespace TextGan.Tokenization.SentencePiece;

/// <summary>Each blank begins a piece.</summary>
internal sealed class WordEncoder(Vocabulary vocabulary) : IPieceEncoder
{
    public List<TextPiece> Encode(ReadOnlySpan<byte> text)
    {
        var pieces = new List<TextPiece>();
        while (!text.IsEmpty)
        {
            var length = text[1..].IndexOf(Normalizer.Blank) is >= 0 and var next ? next + 1 : text.Length;
            pieces.Add(new(length, vocabulary.IdOf(text[..length])));
            text = text[length..];
        }
        return pieces;
    }
}
