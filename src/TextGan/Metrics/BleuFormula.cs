using TorchSharp;

namespace TextGan.Metrics;

/// <summary>From matches and lengths to BLEU of one sentence, with uniform weights and smoothing method 1.</summary>
internal static class BleuFormula
{
    /// <summary>What takes the place of a count of 0 (Chen and Cherry 2014, smoothing 1; NLTK's default epsilon).</summary>
    const double Epsilon = 0.1;

    /// <summary>
    /// BLEU-n = BP · exp(1/n Σ_{i≤n} ln p_i), p_i = m_i / max(1, L-i+1), with <see cref="Epsilon"/> in place of m_i = 0;
    /// BP = 1 for L &gt; r, else exp(1 - r/L). It is 0 where not even one token matches (Papineni et al. 2002; NLTK's sentence_bleu).
    /// </summary>
    /// <param name="matches">m_i at index i-1: clipped matches.</param>
    /// <param name="length">L: tokens of the hypothesis.</param>
    /// <param name="closestLength">r: tokens of the reference that is closest in length.</param>
    /// <returns>BLEU-n at index n-1.</returns>
    public static double[] Score(ReadOnlySpan<int> matches, int length, int closestLength)
    {
        var scores = new double[matches.Length];
        if (length == 0 || matches[0] == 0) return scores;
        var brevityPenalty = length > closestLength ? 1 : Math.Exp(1 - (double)closestLength / length);
        var logarithms = 0.0;
        for (var n = 1; n <= scores.Length; n++)
        {
            var count = matches[n - 1] == 0 ? Epsilon : matches[n - 1];
            logarithms += Math.Log(count / Math.Max(1, length - n + 1));
            scores[n - 1] = brevityPenalty * Math.Exp(logarithms / n);
        }
        return scores;
    }

    /// <summary>
    /// The mean of <paramref name="count"/> rows of scores, computed on all threads and added in order, so that it never depends on their
    /// number.
    /// </summary>
    public static double[] Mean(int count, int orders, Func<int, double[]> score)
    {
        var rows = new double[count][];
        Parallel.For(0, count, new() { MaxDegreeOfParallelism = torch.get_num_threads() }, index => rows[index] = score(index));
        var means = new double[orders];
        foreach (var row in rows)
        {
            for (var n = 0; n < orders; n++) means[n] += row[n] / count;
        }
        if (count == 0) Array.Fill(means, double.NaN);
        return means;
    }
}
