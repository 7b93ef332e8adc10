using System.IO.Enumeration;

namespace TextGan.Runs.Format;

/// <summary>
/// What the name of a metric's value tells: which end is better, and whether it only says how sure another value is. Plots, tables, fronts
/// and the best checkpoint all ask here.
/// </summary>
public static class MetricDirection
{
    // '*' stands for any characters.
    static readonly string[] Higher = ["bleu-*", "distinct-*", "gold-*", "unique-prefixes*", "grammatical*", "helpful*", "harmless*",
        "rising", "falling", "high", "even", "rule-*", "n-gram-coverage-*", "n-gram-precision-*", "mauve-*", "sweep-area-*",
        "exact-*-correlation", "exact-optimum-objective"];
    static readonly string[] Lower = ["nll*", "model-nll*", "model-perplexity*", "perplexity*", "self-bleu-*", "source-nll*", "duplicate*",
        "unknown*", "fresh-auc-*", "context-kl-*", "lm-score-*", "reverse-lm-score-*", "frechet-*", "mmd-*", "sweep-best-*",
        "exact-kl", "exact-kl-reverse", "exact-tv", "exact-tv-bound", "exact-log-loss", "exact-outside",
        "exact-*-distance", "exact-*-reweighted", "exact-*-reweighted-verdict", "exact-*-energy-kl",
        "exact-optimum-gap", "exact-optimum-kl", "exact-optimum-tv"];

    /// <summary>Suffixes of errors and of interval ends.</summary>
    static readonly string[] Ends = ["-error", "-low", "-high"];

    /// <summary>"rule-dog" of "rule-dog-low", "rule-dog-high" and "rule-dog-error"; null of a value that stands for itself.</summary>
    public static string? WithoutEnd(string value) =>
        Ends.FirstOrDefault(end => value.EndsWith(end, StringComparison.Ordinal)) is { } end ? value[..^end.Length] : null;

    /// <summary>
    /// Whether higher values are better ("bleu-2-news"), or lower ones ("self-bleu-2", "nll-news"); null where the name does not tell.
    /// </summary>
    public static bool? HigherIsBetter(string value)
    {
        if (WithoutEnd(value) is not null) return null;
        return Fits(Higher) ? true : Fits(Lower) ? false : null;

        bool Fits(string[] patterns) => patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, value, ignoreCase: false));
    }
}
