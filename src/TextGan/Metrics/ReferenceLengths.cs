namespace TextGan.Metrics;

/// <summary>The lengths of a set of references, to find the one that BLEU's brevity penalty compares with.</summary>
internal sealed class ReferenceLengths
{
    readonly int[] lengths; // different lengths, ascending
    readonly int[] counts;  // how many references have each

    public ReferenceLengths(IReadOnlyList<int[]> references)
    {
        var groups = references.CountBy(reference => reference.Length).OrderBy(group => group.Key).ToArray();
        lengths = [.. groups.Select(group => group.Key)];
        counts = [.. groups.Select(group => group.Value)];
    }

    /// <summary>
    /// The length of a reference that is closest to <paramref name="length"/>; of two that are equally close the shorter.
    /// </summary>
    /// <param name="length">The hypothesis's length.</param>
    /// <param name="leaveOneOut">Whether one reference of exactly that length, the hypothesis itself, does not count.</param>
    public int Closest(int length, bool leaveOneOut)
    {
        var above = Array.BinarySearch(lengths, length);
        if (above < 0) above = ~above;
        var below = above - 1;
        if (leaveOneOut && above < lengths.Length && lengths[above] == length && counts[above] == 1) above++;
        if (above == lengths.Length) return lengths[below];
        if (below < 0) return lengths[above];
        return lengths[above] - length < length - lengths[below] ? lengths[above] : lengths[below];
    }
}
