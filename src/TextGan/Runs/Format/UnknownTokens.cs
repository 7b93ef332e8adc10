namespace TextGan.Runs.Format;

/// <summary>
/// The share of unknown tokens in samples, a figure of every evaluation if the tokenizer has such a token. BLEU, self-BLEU and NLL count
/// unknown tokens like words, so that a small vocabulary makes them look good.
/// </summary>
public static class UnknownTokens
{
    /// <summary>The figure's name among an evaluation's values.</summary>
    public const string Metric = "unknown";

    /// <summary>The share from which there is a warning, in data and in samples.</summary>
    public const double WarnFrom = 0.05;

    const double ShowFrom = 0.001;

    /// <summary>Unknown tokens among the tokens of all rows; NaN without any token.</summary>
    /// <param name="rows">Token ids without end tokens.</param>
    /// <param name="unknownId">The unknown token.</param>
    public static double Share(IReadOnlyList<int[]> rows, int unknownId)
    {
        var tokens = rows.Sum(row => (long)row.Length);
        return tokens == 0 ? double.NaN : (double)rows.Sum(row => row.LongCount(id => id == unknownId)) / tokens;
    }

    /// <summary>
    /// Whether tables and plots show a metric with these values: all but the unknown tokens where there is not one in a thousand.
    /// </summary>
    public static bool IsShown(string metric, IEnumerable<double> values) => metric != Metric || values.Any(value => value >= ShowFrom);
}
