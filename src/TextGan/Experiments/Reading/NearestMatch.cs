namespace TextGan.Experiments.Reading;

/// <summary>Finds what a mistyped word was meant to be.</summary>
public static class NearestMatch
{
    /// <summary>The candidate that <paramref name="word"/> most likely stands for, or null where none is near.</summary>
    public static string? Of(string word, IEnumerable<string> candidates)
    {
        if (word.Length is 0 or > 100) return null;
        string? best = null;
        var bestDistance = int.MaxValue;
        var plain = Plain(word);
        foreach (var candidate in candidates)
        {
            if (candidate.Length > 100) continue;
            var other = Plain(candidate);
            var distance = other == plain ? 0 : Distance(plain, other);
            // Half of a long name ("gumbel" for "gumbel-softmax") is as good as a slip of one letter.
            if (distance > 1 && Math.Min(plain.Length, other.Length) >= 3
                && (other.StartsWith(plain, StringComparison.Ordinal) || plain.StartsWith(other, StringComparison.Ordinal))) distance = 1;
            if (distance > Math.Max(1, Math.Max(plain.Length, other.Length) / 3) || distance >= bestDistance) continue;
            if (distance >= Math.Min(plain.Length, other.Length)) continue; // nothing of the word is left
            (best, bestDistance) = (candidate, distance);
        }
        return best;
    }

    /// <summary>" Did you mean 'x'?", or nothing.</summary>
    public static string Hint(string word, IEnumerable<string> candidates) => Of(word, candidates) is { } nearest
        ? $" Did you mean '{nearest}'?" : "";

    /// <summary>
    /// Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other (optimal string alignment).
    /// </summary>
    public static int Distance(string a, string b)
    {
        var rows = new int[3][];
        for (var i = 0; i < 3; i++) rows[i] = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) rows[0][j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var (row, above, twoAbove) = (rows[i % 3], rows[(i + 2) % 3], rows[(i + 1) % 3]);
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = a[i - 1] == b[j - 1];
                row[j] = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = Math.Min(row[j], twoAbove[j - 2] + 1);
            }
        }
        return rows[a.Length % 3][b.Length];
    }

    /// <summary>Case and separators do not count: "GumbelSoftmax", "gumbel_softmax" and "gumbel-softmax" are the same.</summary>
    static string Plain(string word)
    {
        var plain = string.Concat(word.Where(c => c is not ('-' or '_' or ' '))).ToLowerInvariant();
        return plain.Length == 0 ? word : plain;
    }
}
