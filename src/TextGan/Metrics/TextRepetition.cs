namespace TextGan.Metrics;

/// <summary>How far texts repeat each other. Texts are equal where their tokens are.</summary>
/// <param name="Texts">The number of texts.</param>
/// <param name="Commonest">The share of the most frequent text.</param>
/// <param name="Duplicates">The share of texts that repeat an earlier one: 1 - different texts / texts.</param>
public sealed record TextRepetition(int Texts, double Commonest, double Duplicates)
{
    /// <summary>Counts at least one text, each given by its token ids.</summary>
    public static TextRepetition Of(IReadOnlyList<int[]> texts)
    {
        var counts = texts.CountBy(text => text, TokenSequenceComparer.Instance).ToList();
        return new(texts.Count, (double)counts.Max(pair => pair.Value) / texts.Count, 1 - (double)counts.Count / texts.Count);
    }
}
