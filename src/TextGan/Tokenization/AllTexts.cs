namespace TextGan.Tokenization;

/// <summary>Every text of few and short tokens, so that expectations can be summed instead of sampled.</summary>
public static class AllTexts
{
    /// <summary>The most texts that are ever enumerated: 12⁵ and a few.</summary>
    public const int Most = 250_000;

    /// <summary>How many there are; more than <see cref="Most"/> where there are too many.</summary>
    /// <inheritdoc cref="Of"/>
    public static long Count(int vocabularySize, int length, int? endId)
    {
        // Those that have not ended after t tokens, and those that have.
        var (alive, ended) = (1L, 0L);
        for (var t = 0; t < length && alive + ended <= Most; t++)
            (alive, ended) = (alive * (endId is null ? vocabularySize : vocabularySize - 1), endId is null ? 0 : ended + alive);
        return alive + ended;
    }

    /// <summary>
    /// [N,T] int64: all rows that a generator can write, which together have probability 1. Without an end token these are all V^T; with
    /// one, a row that has ended is filled with padding and is there once.
    /// </summary>
    /// <param name="vocabularySize">V.</param>
    /// <param name="length">T.</param>
    /// <param name="endId">The token that ends a text; null for none.</param>
    /// <param name="paddingId">What follows it; null: the end token.</param>
    /// <exception cref="ArgumentException">There are more than <see cref="Most"/>.</exception>
    public static Tensor Of(int vocabularySize, int length, int? endId, int? paddingId = null)
    {
        if (Count(vocabularySize, length, endId) > Most)
            throw new ArgumentException(
                $"There are more than {Most:N0} texts of {length} tokens from {vocabularySize}.", nameof(length));
        var ids = new List<long>();
        var row = new long[length];
        Add(0);
        return tensor(ids.ToArray(), [ids.Count / length, length], int64);

        void Add(int t)
        {
            if (t == length)
            {
                ids.AddRange(row);
                return;
            }
            for (var id = 0; id < vocabularySize; id++)
            {
                row[t] = id;
                if (id != endId)
                {
                    Add(t + 1);
                    continue;
                }
                Array.Fill(row, paddingId ?? id, t + 1, length - t - 1);
                ids.AddRange(row);
            }
        }
    }
}
