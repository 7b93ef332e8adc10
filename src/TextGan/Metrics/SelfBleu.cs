namespace TextGan.Metrics;

/// <summary>
/// Self-BLEU (Zhu et al. 2018, Texygen, 1802.01886): the sentence BLEU of each text of a set with all others as references. A text is
/// never among its own references; an equal text at another position is. Safe from several threads.
/// </summary>
public sealed class SelfBleu
{
    readonly IReadOnlyList<int[]> texts;
    readonly NGramIndex index;
    readonly ReferenceLengths lengths;

    /// <param name="texts">Token ids of each text, at least two.</param>
    /// <param name="maximumOrder">The longest n-grams that count, at least 1.</param>
    public SelfBleu(IReadOnlyList<int[]> texts, int maximumOrder)
    {
        if (texts.Count < 2) throw new ArgumentException("Self-BLEU needs at least two texts.", nameof(texts));
        this.texts = texts;
        index = new NGramIndex(texts, maximumOrder);
        lengths = new ReferenceLengths(texts);
    }

    public int MaximumOrder => index.MaximumOrder;

    /// <summary>
    /// BLEU-1 .. BLEU-<see cref="MaximumOrder"/> of the text at <paramref name="position"/> against all others: BLEU-n at index n-1.
    /// </summary>
    public double[] Score(int position)
    {
        var text = texts[position];
        Span<int> matches = stackalloc int[MaximumOrder];
        index.ClippedMatches(text, leftOut: position, matches);
        return BleuFormula.Score(matches, text.Length, lengths.Closest(text.Length, leaveOneOut: true));
    }

    /// <summary>The mean of <see cref="Score"/> over all texts, on all cores.</summary>
    public double[] MeanScores() => BleuFormula.Mean(texts.Count, MaximumOrder, Score);
}
