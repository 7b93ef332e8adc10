using System.Runtime.InteropServices;

namespace TextGan.Tokenization;

/// <summary>
/// How often each piece of text occurs, in bounded memory: where there are too many different pieces, the rarest are forgotten (lossy
/// counting, Manku and Motwani 2002). Up to the limit, which no text that fits into memory reaches, the counts are exact; above it, a
/// piece may be counted too low by as much as was forgotten of it.
/// </summary>
internal sealed class PieceCounts
{
    const int MostPieces = 1 << 20;
    const long MostCharacters = 64L << 20;

    readonly int most;
    readonly Dictionary<string, long> counts = new(StringComparer.Ordinal);
    readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> lookup;
    long characters;

    /// <param name="vocabulary">The number of pieces that will be kept in the end.</param>
    /// <param name="most">Different pieces that are counted at a time, at least.</param>
    public PieceCounts(int vocabulary, int most = MostPieces)
    {
        this.most = (int)Math.Max(most, Math.Min(4L * vocabulary, int.MaxValue / 2));
        lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public IEnumerable<KeyValuePair<string, long>> All => counts;

    public void Add(ReadOnlySpan<char> piece)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(lookup, piece, out var known);
        count++;
        if (known) return;
        characters += piece.Length;
        if (counts.Count > most || characters > MostCharacters) Forget();
    }

    void Forget()
    {
        // Until half of the room is free again.
        for (var threshold = 1L; counts.Count > most / 2 || characters > MostCharacters / 2; threshold *= 2)
        {
            foreach (var (piece, count) in counts)
            {
                if (count > threshold) continue;
                counts.Remove(piece);
                characters -= piece.Length;
            }
        }
    }
}
