namespace TextGan.Reporting;

/// <summary>Which metrics of runs are shown first, and which against each other.</summary>
/// <param name="runs">The runs, with <see cref="WithSamples"/>.</param>
sealed class MetricChoice(IReadOnlyList<RunLog> runs)
{
    const int TradeoffPanels = 4;
    const string SamplesMark = " (";

    /// <summary>All that are shown, without "metric/", by family.</summary>
    public IReadOnlyList<string> All { get; } = [.. LogNames.Metrics(runs).OrderBy(name => MetricFamily.Of(name).Order)];

    /// <summary>
    /// A metric that changes with the number of samples bears it in its name: values of other numbers stand apart and are not compared.
    /// </summary>
    public static RunLog WithSamples(RunLog run) =>
        run.Renamed(name => run.Samples.TryGetValue(name, out var count) && MetricFamily.ChangesWithSamples(name)
        ? $"{name}{SamplesMark}{count:N0})" : name);

    /// <summary>What <see cref="WithSamples"/> put together: "self-bleu-4", "500".</summary>
    public static (string Name, string Samples) Split(string metric) => MetricFamily.ChangesWithSamples(metric)
        && metric.IndexOf(SamplesMark, StringComparison.Ordinal) is >= 0 and var at
        ? (metric[..at], metric[(at + SamplesMark.Length)..^1])
        : (metric, "");

    /// <summary>Rates first, then of each family that grows with n the longest n-grams, then the rest.</summary>
    public IEnumerable<string> Key
    {
        get
        {
            string[] key =
            [
                .. All.Where(metric => MetricFamily.Of(metric).Order == 0).Take(3), .. Longest("Distinct n-grams"),
                    .. All.Where(metric => MetricFamily.Of(metric).Order == 1).Take(1),
                .. Longest("BLEU against references"), .. Longest("Unknown tokens"), .. Longest("Self-BLEU"),
            ];
            return key.Concat(All.Where(metric => MetricFamily.Of(metric).Order is 0 or 1 or > 4)).Distinct();
        }
    }

    /// <summary>Pairs of a metric of diversity (horizontal) and one of quality (vertical).</summary>
    public IEnumerable<(string Diversity, string Quality)> Tradeoffs
    {
        get
        {
            var qualities = All.Where(metric => MetricFamily.Of(metric).Order == 0).ToList();
            var (distinct, selfBleu) = (Longest("Distinct n-grams"), Longest("Self-BLEU"));
            var bleu = Longest("BLEU against references").LastOrDefault();
            var chosen = qualities.Concat(bleu is not null && qualities.Count < 3 ? [bleu] : [])
                .Take((TradeoffPanels - (selfBleu.Length > 0 ? 1 : 0)) / Math.Max(1, distinct.Length));
            var pairs = chosen.SelectMany(quality => distinct.Select(metric => (metric, quality)));
            return (bleu ?? qualities.FirstOrDefault()) is { } other
                ? pairs.Concat(selfBleu.Select(metric => (metric, other))) : pairs;
        }
    }

    /// <summary>Of a family's metrics that have values those of the longest n-grams: one for each number of samples.</summary>
    string[] Longest(string family) =>
    [
        .. All.Where(metric => MetricFamily.Of(metric).Title == family
            && runs.Any(run => SummaryTable.Last(run, LogNames.Metric + metric) is { } last && double.IsFinite(last.Value)))
            .GroupBy(metric => Split(metric).Samples)
            .Select(same => same.Last(metric => Number(metric) == same.Max(Number))),
    ];

    static int Number(string metric) =>
        int.TryParse(string.Concat(Split(metric).Name.Reverse().TakeWhile(char.IsAsciiDigit).Take(6).Reverse()), out var number) ? number
        : 0;
}
