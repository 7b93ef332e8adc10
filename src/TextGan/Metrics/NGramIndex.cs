using System.Buffers;
using TorchSharp;

namespace TextGan.Metrics;

/// <summary>
/// For every n-gram of a set of texts: the largest count that it has in one text, which text that is, and the largest count in any
/// other text. These three decide clipped matches against all texts, and against all but one, exactly and without another look at the
/// texts.
/// </summary>
internal sealed class NGramIndex
{
    // N-grams are divided by their first token, so that threads share nothing. A fixed number keeps work even on any machine.
    const int ShardBits = 5;

    readonly Shard[] shards = new Shard[1 << ShardBits];

    /// <param name="texts">Token ids of each text.</param>
    /// <param name="maximumOrder">The longest n-grams that are counted; all shorter ones are too.</param>
    public NGramIndex(IReadOnlyList<int[]> texts, int maximumOrder)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumOrder, 1);
        MaximumOrder = maximumOrder;
        Parallel.For(0, shards.Length, new() { MaxDegreeOfParallelism = torch.get_num_threads() },
            number => shards[number] = new Shard(texts, number, maximumOrder));
    }

    public int MaximumOrder { get; }

    /// <summary>How many different n-grams of one order there are.</summary>
    public long DistinctCount(int order) => shards.Sum(shard => (long)shard.Distinct[order - 1]);

    /// <summary>
    /// Papineni et al. 2002, section 2.1: for each order the sum over the n-grams of <paramref name="text"/> of
    /// min(count in the text, largest count in one indexed text).
    /// </summary>
    /// <param name="text">The hypothesis.</param>
    /// <param name="leftOut">Position of an indexed text that is skipped, or -1.</param>
    /// <param name="matches">Receives the sum of order n at index n-1; its length is <see cref="MaximumOrder"/>.</param>
    public void ClippedMatches(ReadOnlySpan<int> text, int leftOut, Span<int> matches)
    {
        matches.Clear();
        if (text.IsEmpty) return;
        var rented = ArrayPool<long>.Shared.Rent(text.Length * MaximumOrder);
        try
        {
            Span<int> found = stackalloc int[MaximumOrder];
            found.Clear();
            for (var start = 0; start < text.Length; start++)
            {
                var number = ShardOf(text[start]);
                var node = NGramTrie.Root;
                for (var n = 0; n < MaximumOrder && start + n < text.Length; n++)
                {
                    node = shards[number].Trie.Find(node, text[start + n]);
                    if (node == NGramTrie.Absent) break; // longer n-grams from here are absent too
                    rented[n * text.Length + found[n]++] = ((long)number << 32) | (uint)node;
                }
            }

            for (var n = 0; n < MaximumOrder; n++)
            {
                // Sorted, equal n-grams stand together: the length of a run is the count in the hypothesis.
                var nodes = rented.AsSpan(n * text.Length, found[n]);
                nodes.Sort();
                for (int first = 0, next; first < nodes.Length; first = next)
                {
                    for (next = first + 1; next < nodes.Length && nodes[next] == nodes[first]; next++) { }
                    ref var tally = ref shards[(int)(nodes[first] >> 32)].Tallies[(int)(uint)nodes[first]];
                    matches[n] += Math.Min(next - first, tally.LargestWithout(leftOut));
                }
            }
        }
        finally
        {
            ArrayPool<long>.Shared.Return(rented);
        }
    }

    static int ShardOf(int token) => (int)((uint)token * 0x9E3779B1u >> (32 - ShardBits));

    struct Tally
    {
        int reading;    // the text that was read last with this n-gram ...
        int readCount;  // ... and its count so far
        int owner;      // the text with the largest count
        int largest;
        int second;     // the largest count among the other texts

        public void Count(int text)
        {
            if (readCount == 0 || reading != text) (reading, readCount) = (text, 0);
            readCount++;
            if (largest == 0 || owner == text) (owner, largest) = (text, readCount);
            else if (readCount > largest) (owner, largest, second) = (text, readCount, largest);
            else if (readCount > second) second = readCount;
        }

        public readonly int LargestWithout(int text) => owner == text ? second : largest;
    }

    /// <summary>The n-grams that begin with a token of this shard. Texts are read in order, each to its end before the next.</summary>
    sealed class Shard
    {
        public NGramTrie Trie { get; } = new();
        public Tally[] Tallies { get; } = new Tally[64];
        public int[] Distinct { get; }

        public Shard(IReadOnlyList<int[]> texts, int number, int maximumOrder)
        {
            Distinct = new int[maximumOrder];
            var tallies = Tallies;
            for (var index = 0; index < texts.Count; index++)
            {
                var text = texts[index];
                for (var start = 0; start < text.Length; start++)
                {
                    if (ShardOf(text[start]) != number) continue;
                    var node = NGramTrie.Root;
                    for (var n = 0; n < maximumOrder && start + n < text.Length; n++)
                    {
                        var known = Trie.Count;
                        node = Trie.Add(node, text[start + n]);
                        if (node == known) Distinct[n]++;
                        if (node >= tallies.Length) Array.Resize(ref tallies, tallies.Length * 2);
                        tallies[node].Count(index);
                    }
                }
            }
            Tallies = tallies;
        }
    }
}
