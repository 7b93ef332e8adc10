namespace TextGan.Reporting;

/// <summary>Metrics that share a panel because they share a unit.</summary>
/// <param name="Order">Its place among panels.</param>
/// <param name="Title">The panel's title.</param>
/// <param name="Unit">The vertical axis's name.</param>
/// <param name="IsShare">Whether values lie between 0 and 1 and the axis shows all of that.</param>
public sealed record MetricFamily(int Order, string Title, string Unit, bool IsShare)
{
    static readonly MetricFamily Rates = new(0, "Exact rates", "share of samples", true);
    static readonly MetricFamily Nll = new(1, "Negative log-likelihood", "nats per token", false);
    static readonly MetricFamily Bleu = new(2, "BLEU against references", "BLEU (0 to 1)", true);
    // beside BLEU, which counts them like words
    static readonly MetricFamily Unknown = new(2, "Unknown tokens", "share of tokens", false);
    static readonly MetricFamily SelfBleu = new(3, "Self-BLEU", "self-BLEU (0 to 1)", true);
    static readonly MetricFamily Distinct = new(4, "Distinct n-grams", "distinct / all n-grams", false);
    static readonly MetricFamily Novelty = new(5, "Novel and duplicate samples", "share of samples", true);
    static readonly MetricFamily Accuracy = new(6, "Discriminator accuracy", "share judged right", true);
    static readonly MetricFamily Score = new(7, "Discriminator score", "mean logit", false);
    static readonly MetricFamily Length = new(8, "Length", "tokens per sample", false);
    static readonly MetricFamily Perplexity = new(9, "Perplexity", "perplexity", false);

    static readonly MetricFamily Gold = new(10, "Gold reward", "deviations of real texts, or share", false);
    static readonly MetricFamily Raw = new(11, "Gold reward, raw", "mean score", false);
    static readonly MetricFamily Divergence = new(12, "KL from the reference", "nats per text", false);
    static readonly MetricFamily Distance = new(13, "Distance from the reference", "root of KL", false);

    static readonly MetricFamily Fresh = new(14, "Fresh discriminator", "AUC (.5: cannot tell)", false);
    static readonly MetricFamily FreshTexts = new(15, "Texts of the fresh discriminator", "texts of each side", false);
    static readonly MetricFamily Prefixes = new(16, "Unique prefixes", "share of samples", true);
    static readonly MetricFamily Context = new(17, "KL from the teacher", "nats per token", false);
    static readonly MetricFamily Positions = new(18, "Positions of the KL from the teacher", "tokens", false);

    static readonly MetricFamily Coverage = new(22, "Shared n-grams", "share of distinct n-grams", true);
    static readonly MetricFamily ModelScore = new(23, "Language-model scores", "nats per token", false);
    static readonly MetricFamily Frechet = new(24, "Frechet distance", "squared distance", false);
    static readonly MetricFamily Discrepancy = new(25, "Maximum mean discrepancy", "squared distance", false);
    static readonly MetricFamily Frontier = new(26, "Divergence frontier", "area (0 to 1)", true);
    static readonly MetricFamily BestSum = new(27, "Sweep: best sum", "sum of both figures", false);
    static readonly MetricFamily SweepArea = new(28, "Sweep: area", "share of the box", true);
    static readonly MetricFamily SweepPoint = new(29, "Sweep: points", "value", false);
    static readonly MetricFamily ExactKl = new(30, "Exact KL", "nats per text", false);
    static readonly MetricFamily Advantage = new(31, "Total variation and advantages", "share", false);
    static readonly MetricFamily LogLoss = new(32, "Exact log-loss", "nats per text", false);
    static readonly MetricFamily FromBest = new(33, "Total variation from p/(p + q)", "share", false);
    static readonly MetricFamily Energy = new(34, "Energy f", "deviation in nats", false);
    static readonly MetricFamily EnergyKl = new(35, "KL of p from the energy's model", "nats per text", false);
    static readonly MetricFamily EnergyCorrelation = new(36, "Correlation of f with ln p", "correlation", false);
    static readonly MetricFamily Power = new(37, "Best power of re-weighting", "power", false);
    static readonly MetricFamily ToOptimum = new(38, "KL to the optimum", "nats per text", false);
    static readonly MetricFamily OptimumDistance = new(39, "Total variation to the optimum", "share", false);
    static readonly MetricFamily Objective = new(40, "Exact objective", "reward minus β KL", false);

    static readonly MetricFamily RankCorrelation = new(21, "Rank correlation", "Spearman's r between teachers", false);

    /// <summary>
    /// Whether the value of a metric changes with the number of samples even where the generator does not (of more texts more repeat each
    /// other), so that values of other numbers cannot be compared.
    /// </summary>
    public static bool ChangesWithSamples(string metric) =>
        Of(metric) is var family
            && (family == SelfBleu || family == Distinct || family == Prefixes || family == Coverage || family == Frechet
            || family == Frontier || metric.StartsWith("reverse-lm-score-", StringComparison.Ordinal)
            || ((family == BestSum || family == SweepArea) && !metric.EndsWith("-likelihood", StringComparison.Ordinal))
            || (family == Novelty && !metric.Contains("novel", StringComparison.OrdinalIgnoreCase)));

    /// <summary>The family of a metric, from its name ("bleu-4", "nll", "grammatical"); a name of no family makes its own.</summary>
    public static MetricFamily Of(string metric) => metric == UnknownTokens.Metric ? Unknown
        : OfWorld.Contains(metric) ? Rates : OfTeacher(metric)
        ?? ByEnds.FirstOrDefault(entry => metric.StartsWith(entry.Start, StringComparison.Ordinal)
            && metric.EndsWith(entry.End, StringComparison.Ordinal)).Family
        ?? ByWords.FirstOrDefault(entry => entry.Words.Any(word => metric.Contains(word, StringComparison.OrdinalIgnoreCase))).Family
            ?? new(100, Label.Clean(metric), "value", false);

    /// <summary>The attributes of the data kind "enumerable", whole names: "evening" is none of them.</summary>
    static readonly string[] OfWorld = ["rising", "falling", "high", "even"];

    /// <summary>The values of the metric "ranking" that are one teacher's have a panel of their own.</summary>
    static MetricFamily? OfTeacher(string metric)
    {
        return TeacherOf("ranking-score-", "real-", "student-", "n-gram-", "uniform-") is { } scores
            ? new(19, Label.Clean($"Strings scored by {scores}"), "mean, nats per token", false)
            : TeacherOf("ranking-auc-", "real-student-", "student-n-gram-", "n-gram-uniform-") is { } order
            ? new(20, Label.Clean($"Sources ordered by {order}"), "share of pairs in order", true) : null;

        string? TeacherOf(string start, params string[] sources) =>
            sources.FirstOrDefault(source => metric.StartsWith(start + source, StringComparison.Ordinal)) is { } found
                ? metric[(start.Length + found.Length)..] : null;
    }

    /// <summary>What names begin and end with; the first that fits counts, before words.</summary>
    static readonly (string Start, string End, MetricFamily Family)[] ByEnds =
    [
        ("gold-", "-raw", Raw), ("gold-", "", Gold),
        ("reference-kl", "", Divergence), ("reference-distance", "", Distance),
        ("fresh-auc-", "", Fresh), ("fresh-", "", FreshTexts), ("unique-prefixes", "", Prefixes),
        ("ranking-spearman-", "", RankCorrelation),
        ("n-gram-coverage-", "", Coverage), ("n-gram-precision-", "", Coverage),
        ("lm-score-", "", ModelScore), ("reverse-lm-score-", "", ModelScore),
        ("frechet-", "", Frechet), ("mmd-", "", Discrepancy), ("mauve-", "", Frontier),
        ("sweep-best-", "", BestSum), ("sweep-area-", "", SweepArea), ("sweep-", "", SweepPoint),
        ("exact-optimum-objective", "", Objective), ("exact-optimum-tv", "", OptimumDistance),
        ("exact-optimum-gap", "", ToOptimum), ("exact-optimum-kl", "", ToOptimum),
        ("exact-", "-advantage", Advantage), ("exact-", "-advantage-soft", Advantage), ("exact-tv", "", Advantage),
        ("exact-outside", "", Advantage), ("exact-kl", "", ExactKl), ("exact-", "-energy-kl", EnergyKl),
        ("exact-log-loss", "", LogLoss), ("exact-", "-reweighted", LogLoss), ("exact-", "-reweighted-verdict", LogLoss),
        ("exact-", "-distance", FromBest), ("exact-", "-deviation", Energy), ("exact-", "-spread", Energy),
        ("exact-", "-correlation", EnergyCorrelation), ("exact-", "-power", Power),
        ("context-kl-", "", Context), ("context-positions", "", Positions),
    ];

    /// <summary>What names have in them; the first that fits counts.</summary>
    static readonly (string[] Words, MetricFamily Family)[] ByWords =
    [
        (["rule-"], Rates),
        (["self-bleu", "selfbleu"], SelfBleu),
        (["bleu"], Bleu),
        (["accuracy"], Accuracy),
        (["score", "logit"], Score),
        (["nll", "log-likelihood", "heldOutLoss"], Nll),
        (["perplexity"], Perplexity),
        (["distinct"], Distinct),
        (["novel", "duplicate", "unique"], Novelty),
        (["length"], Length),
        (["grammatical", "helpful", "harmless", "rate"], Rates),
    ];
}
