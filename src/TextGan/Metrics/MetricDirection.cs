namespace TextGan.Metrics;

/// <summary>Which end of a metric is the better one, by the name of its value.</summary>
public static class MetricDirection
{
    static readonly string[] Higher = ["bleu-", "distinct-", "grammatical", "helpful", "harmless", "rule-"];
    static readonly string[] Lower = ["nll", "self-bleu-", "source-nll", "duplicate", "unknown"];

    /// <summary>
    /// Whether higher values are better ("bleu-2-news"), or lower ones ("self-bleu-2", "nll-news"); null where the name does not tell.
    /// </summary>
    public static bool? HigherIsBetter(string value)
    {
        return Begins(Higher) ? true : Begins(Lower) ? false : null;

        bool Begins(string[] names) => names.Any(name => value.StartsWith(name, StringComparison.Ordinal));
    }
}
