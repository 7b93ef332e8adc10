namespace TextGan.Metrics;

/// <summary>Which end of a metric is the better one, by the name of its value.</summary>
public static class MetricDirection
{
    static readonly string[] Higher = ["bleu-", "distinct-", "gold-", "unique-prefixes", "grammatical", "helpful", "harmless", "rule-"];
    static readonly string[] Lower = ["nll", "self-bleu-", "source-nll", "duplicate", "unknown", "fresh-auc-"];

    /// <summary>What names of values end with that only tell how sure others are.</summary>
    static readonly string[] Ends = ["-error", "-low", "-high"];

    /// <summary>
    /// Whether higher values are better ("bleu-2-news"), or lower ones ("self-bleu-2", "nll-news"); null where the name does not tell.
    /// </summary>
    public static bool? HigherIsBetter(string value)
    {
        if (Ends.Any(end => value.EndsWith(end, StringComparison.Ordinal))) return null;
        return Begins(Higher) ? true : Begins(Lower) ? false : null;

        bool Begins(string[] names) => names.Any(name => value.StartsWith(name, StringComparison.Ordinal));
    }
}
