namespace TextGan.Metrics;

/// <summary>How often each text stands in a list. Texts are equal where their tokens are.</summary>
public sealed class TextCounts
{
    readonly Dictionary<int[], int> counts = new(TokenSequenceComparer.Instance);

    /// <param name="texts">Token ids of each text, at least one.</param>
    public TextCounts(IReadOnlyList<int[]> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        foreach (var text in texts) counts[text] = counts.GetValueOrDefault(text) + 1;
        Total = texts.Count;
    }

    /// <summary>The number of texts.</summary>
    public int Total { get; }

    /// <summary>The text that stands there most often, and how often.</summary>
    public (int[] Text, int Count) Commonest
    {
        get
        {
            var (text, count) = counts.MaxBy(pair => pair.Value);
            return (text, count);
        }
    }

    /// <summary>The share of one text.</summary>
    public double Share(int[] text) => (double)counts.GetValueOrDefault(text) / Total;

    /// <summary>The share of texts that repeat an earlier one: 1 - different texts / texts.</summary>
    public double Duplicates => 1 - (double)counts.Count / Total;
}
