namespace TextGan.Metrics;

/// <summary>
/// References that texts are scored against by sentence BLEU with uniform weights and smoothing method 1. Equal to NLTK's
/// <c>sentence_bleu</c> with all references given for every text; an n-gram's count is clipped at its largest count in one reference.
/// Safe from several threads.
/// </summary>
public sealed class BleuReferences
{
    readonly NGramIndex index;
    readonly ReferenceLengths lengths;

    /// <param name="references">Token ids of each reference, at least one.</param>
    /// <param name="maximumOrder">The longest n-grams that count, at least 1.</param>
    public BleuReferences(IReadOnlyList<int[]> references, int maximumOrder)
    {
        if (references.Count == 0) throw new ArgumentException("BLEU needs at least one reference.", nameof(references));
        index = new NGramIndex(references, maximumOrder);
        lengths = new ReferenceLengths(references);
    }

    public int MaximumOrder => index.MaximumOrder;

    /// <summary>BLEU-1 .. BLEU-<see cref="MaximumOrder"/> of one text: BLEU-n at index n-1. All 0 for an empty text.</summary>
    public double[] Score(ReadOnlySpan<int> text)
    {
        Span<int> matches = stackalloc int[MaximumOrder];
        index.ClippedMatches(text, leftOut: -1, matches);
        return BleuFormula.Score(matches, text.Length, lengths.Closest(text.Length, leaveOneOut: false));
    }

    /// <summary>The mean of <see cref="Score"/> over texts, on all cores; NaN without texts.</summary>
    public double[] MeanScores(IReadOnlyList<int[]> texts) => BleuFormula.Mean(texts.Count, MaximumOrder, i => Score(texts[i]));
}
