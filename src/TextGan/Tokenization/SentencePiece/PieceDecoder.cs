using System.Buffers;
using System.Text;

namespace TextGan.Tokenization.SentencePiece;

/// <summary>Puts texts together from a model's ids.</summary>
internal sealed class PieceDecoder
{
    readonly ModelFile model;
    readonly Normalizer? denormalizer;
    readonly Dictionary<int, byte> bytes;

    public PieceDecoder(ModelFile model)
    {
        this.model = model;
        if (model.Denormalizer is { Map: not null } settings) denormalizer = new Normalizer(settings, null, blankAfterWords: false);
        bytes = model.ByteIds.Index().ToDictionary(entry => entry.Item, entry => (byte)entry.Index);
    }

    public string Decode(IReadOnlyList<int> ids)
    {
        var text = new StringBuilder();
        var run = new List<byte>();
        var (isAtStart, hadBlank) = (true, false);
        foreach (var id in ids)
        {
            if (bytes.TryGetValue(id, out var value))
            {
                run.Add(value);
                continue;
            }
            AppendBytes(text, run);
            if (hadBlank || text.Length > 0) isAtStart = false;
            hadBlank = Append(text, model.Pieces[id], isAtStart);
        }
        AppendBytes(text, run);
        if (denormalizer is null) return text.ToString();
        return Encoding.UTF8.GetString(denormalizer.Normalize(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>
    /// Appends a piece, at the start without the blank that the normaliser put there. Returns whether that blank is dealt with.
    /// </summary>
    bool Append(StringBuilder text, Piece piece, bool isAtStart)
    {
        if (piece.Type == PieceType.Control) return false;
        if (piece.Type == PieceType.Unknown)
        {
            text.Append(model.UnknownText);
            return false;
        }
        var settings = model.Normalizer;
        var dropsBlank = isAtStart && (settings.AddDummyPrefix || settings.RemoveExtraWhitespaces) && piece.Text[0] == '\u2581';
        text.Append((dropsBlank ? piece.Text[1..] : piece.Text).Replace('\u2581', ' '));
        // Where extra blanks are removed, all those at the start are.
        return dropsBlank && !settings.RemoveExtraWhitespaces;
    }

    /// <summary>Appends the characters of a run of bytes, U+FFFD for each byte that is part of none.</summary>
    static void AppendBytes(StringBuilder text, List<byte> run)
    {
        ReadOnlySpan<byte> rest = [.. run];
        while (!rest.IsEmpty)
        {
            var isCharacter = Rune.DecodeFromUtf8(rest, out var rune, out var length) == OperationStatus.Done;
            text.Append(isCharacter ? rune : Rune.ReplacementChar);
            rest = rest[(isCharacter ? length : 1)..];
        }
        run.Clear();
    }
}
