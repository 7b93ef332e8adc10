using TextGan.Data;

namespace TextGan.Metrics;

/// <summary>
/// An n-gram model of the tokens of texts, without their ends, with Witten and Bell's smoothing (1991; Chen and Goodman 1999, equation 6):
/// p(w | h) = (c(h, w) + T(h) p(w | h')) / (c(h) + T(h)), where T(h) is the number of different tokens that follow h, and h' is h without
/// its first token; below the unigrams all tokens are equally likely.
/// </summary>
public sealed class NGramModel
{
    /// <summary>What stands before the first token of a text.</summary>
    const int Beginning = -1;

    readonly int order;
    readonly IReadOnlyList<int> vocabulary;
    readonly Dictionary<int[], Followers> contexts = new(TokenSequenceComparer.Instance);

    /// <param name="texts">Token ids of each text.</param>
    /// <param name="order">n: a token depends on the n - 1 before it.</param>
    /// <param name="vocabulary">The tokens that are drawn where nothing is known.</param>
    public NGramModel(IEnumerable<int[]> texts, int order, IReadOnlyList<int> vocabulary)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        (this.order, this.vocabulary) = (order, vocabulary);
        foreach (var text in texts)
            for (var t = 0; t < text.Length; t++)
                for (var known = 0; known < order; known++)
                {
                    var context = Before(text, t, known);
                    if (!contexts.TryGetValue(context, out var followers)) contexts[context] = followers = new();
                    followers.Add(text[t]);
                }
    }

    /// <summary>log p of the first tokens of a text, in nats.</summary>
    public double LogProbability(ReadOnlySpan<int> text)
    {
        var sum = 0.0;
        for (var t = 0; t < text.Length; t++)
        {
            var probability = 1.0 / vocabulary.Count;
            for (var known = 0; known < order && contexts.TryGetValue(Before(text, t, known), out var followers); known++)
                probability = (followers.Counts.GetValueOrDefault(text[t]) + (followers.Counts.Count * probability))
                    / (followers.Total + followers.Counts.Count);
            sum += Math.Log(probability);
        }
        return sum;
    }

    /// <summary>The first tokens of a text, drawn from the model.</summary>
    public int[] Draw(int length, SeededRandom random)
    {
        var text = new int[length];
        for (var t = 0; t < length; t++) text[t] = Next(text, t, random);
        return text;
    }

    int Next(int[] text, int t, SeededRandom random)
    {
        for (var known = order - 1; known >= 0; known--)
        {
            if (!contexts.TryGetValue(Before(text, t, known), out var followers)) continue;
            var point = random.NextDouble() * (followers.Total + followers.Counts.Count);
            foreach (var (token, count) in followers.Counts) // in the order in which they were first read
                if ((point -= count) < 0) return token;
        }
        return vocabulary[(int)(random.NextDouble() * vocabulary.Count)];
    }

    static int[] Before(ReadOnlySpan<int> text, int t, int known)
    {
        var context = new int[known];
        for (var i = 0; i < known; i++) context[i] = t - known + i is >= 0 and var at ? text[at] : Beginning;
        return context;
    }

    sealed class Followers
    {
        public Dictionary<int, int> Counts { get; } = [];

        public int Total { get; private set; }

        public void Add(int token)
        {
            Counts[token] = Counts.GetValueOrDefault(token) + 1;
            Total++;
        }
    }
}
