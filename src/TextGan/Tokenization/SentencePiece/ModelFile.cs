using System.Text;

namespace TextGan.Tokenization.SentencePiece;

/// <summary>What encoding and decoding need of a model's file (sentencepiece_model.proto).</summary>
internal sealed class ModelFile
{
    // The trainer takes at most 512 characters; SentencePiece itself reads no longer piece than this.
    const int LongestPiece = 8000;

    static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    readonly List<Piece> pieces = [];
    readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);
    string startPiece = "<s>", endPiece = "</s>";
    bool hasByteFallback;

    /// <exception cref="InvalidDataException">The bytes are not a model.</exception>
    public ModelFile(ReadOnlySpan<byte> bytes)
    {
        var (hasTrainer, hasNormalizer) = (false, false);
        for (var reader = new WireReader(bytes); reader.MoveNext();)
        {
            switch (reader.Field)
            {
                case 1: AddPiece(reader.Bytes); break;
                case 2: ReadTrainer(reader.Bytes); hasTrainer = true; break;
                case 3: Normalizer.Read(reader.Bytes); hasNormalizer = true; break;
                case 5: (Denormalizer ??= new()).Read(reader.Bytes); break;
            }
        }
        Require(hasTrainer && hasNormalizer, $"the settings of its {(hasTrainer ? "normaliser" : "trainer")} are missing.");
        Require(Enum.IsDefined(Kind), $"it is of the unknown kind {(int)Kind}; unigram (1), bpe (2), word (3) and char (4) are supported.");
        Require(pieces.Count(piece => piece.Type == PieceType.Unknown) == 1, "it has no unknown piece, or several.");
        UnknownId = pieces.FindIndex(piece => piece.Type == PieceType.Unknown);
        ByteIds = [.. Enumerable.Range(0, hasByteFallback ? 256 : 0).Select(IdOfByte)];
        Require(pieces.Count(piece => piece.Type == PieceType.Byte) == ByteIds.Count, "it has byte pieces that stand for no byte.");
    }

    public ModelKind Kind { get; private set; } = ModelKind.Unigram;

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyList<Piece> Pieces => pieces;

    public int UnknownId { get; }

    /// <summary>The begin token; null where the model has none.</summary>
    public int? StartId => IdOf(startPiece, PieceType.Control);

    /// <summary>The end token; null where the model has none.</summary>
    public int? EndId => IdOf(endPiece, PieceType.Control);

    /// <summary>The ids of the bytes 0 to 255, of which characters are made that no piece has; empty where these are unknown.</summary>
    public IReadOnlyList<int> ByteIds { get; }

    /// <summary>What an unknown piece is decoded to.</summary>
    public string UnknownText { get; private set; } = " \u2047 ";

    /// <summary>Whether a blank belongs to the word before it.</summary>
    public bool BlankAfterWords { get; private set; }

    public NormalizerSettings Normalizer { get; } = new();

    /// <summary>What decoded texts go through; null where they stay as they are.</summary>
    public NormalizerSettings? Denormalizer { get; private set; }

    /// <summary>The id of a control piece; null for a text that is not one.</summary>
    public int? ControlId(string text) => IdOf(text, PieceType.Control);

    int? IdOf(string text, PieceType type) => ids.TryGetValue(text, out var id) && pieces[id].Type == type ? id : null;

    int IdOfByte(int value) => IdOf($"<0x{value:X2}>", PieceType.Byte)
        ?? throw new InvalidDataException($"it has no piece for the byte {value:X2}.");

    static void Require(bool condition, string message)
    {
        if (!condition) throw new InvalidDataException(message);
    }

    void ReadTrainer(ReadOnlySpan<byte> message)
    {
        for (var reader = new WireReader(message); reader.MoveNext();)
        {
            switch (reader.Field)
            {
                case 3: Kind = (ModelKind)reader.Number; break;
                case 24: BlankAfterWords = reader.Flag; break;
                case 35: hasByteFallback = reader.Flag; break;
                case 44: UnknownText = Text(reader.Bytes); break;
                case 46: startPiece = Text(reader.Bytes); break;
                case 47: endPiece = Text(reader.Bytes); break;
            }
        }
    }

    void AddPiece(ReadOnlySpan<byte> message)
    {
        var (text, score, type) = ("", 0f, PieceType.Normal);
        for (var reader = new WireReader(message); reader.MoveNext();)
        {
            switch (reader.Field)
            {
                case 1: text = Text(reader.Bytes); break;
                case 2: score = reader.Float; break;
                case 3: type = (PieceType)reader.Number; break;
            }
        }
        var isPiece = text.Length is > 0 and <= LongestPiece && !text.Contains('\0', StringComparison.Ordinal);
        if (!isPiece || !Enum.IsDefined(type) || !float.IsFinite(score))
            throw new InvalidDataException($"the piece {pieces.Count} is damaged.");
        if (!ids.TryAdd(text, pieces.Count)) throw new InvalidDataException($"the pieces {ids[text]} and {pieces.Count} are equal.");
        pieces.Add(new Piece(text, score, type));
    }

    static string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException("it has text that is not valid UTF-8.");
        }
    }
}
