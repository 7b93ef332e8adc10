namespace TextGan.Tokenization.SentencePiece;

/// <summary>A model's pieces, found by the bytes of a text.</summary>
internal sealed class Vocabulary
{
    readonly Piece[] pieces;

    public Vocabulary(ModelFile model)
    {
        (pieces, UnknownId) = ([.. model.Pieces], model.UnknownId);
        var entries = pieces.Select((piece, id) => (piece.Text, Id: id));
        All = new PieceTrie(entries);
        Symbols = new PieceTrie(entries.Where(entry => pieces[entry.Id].Type == PieceType.UserDefined));
    }

    public int UnknownId { get; }

    public PieceTrie All { get; }

    /// <summary>The user-defined pieces, which are never cut.</summary>
    public PieceTrie Symbols { get; }

    public ref readonly Piece this[int id] => ref pieces[id];

    /// <summary>The id of a part of a text; the unknown one where no piece is equal to it, or only one that no text may become.</summary>
    public int IdOf(ReadOnlySpan<byte> part) => All.Find(part) is >= 0 and var id && pieces[id].Type != PieceType.Control ? id : UnknownId;

    /// <summary>The bytes of the character that a text begins with, by its first byte: what is left of a damaged one counts, too.</summary>
    public static int CharacterLength(ReadOnlySpan<byte> text) =>
        Math.Min(text.Length, text[0] switch { < 0xC0 => 1, < 0xE0 => 2, < 0xF0 => 3, _ => 4 });
}
