using TextGan.Generators.Search;
using TextGan.Metrics.Judges;

namespace TextGan.Metrics;

/// <summary>
/// What a search finds among the generator's texts, and what it spends: true reward for compute. For each budget N there are
/// "search-NAME-N-true" (the share of found texts that are right by the judge), "search-NAME-N-reward" (their mean reward by what the
/// search pursues), and, as means for a text, "search-NAME-N-tokens" (tokens that the generator has read), "search-NAME-N-judged" (texts
/// that were judged, which is counted apart) and "search-NAME-N-nodes" (beginnings that were decided at). With a "threshold" also
/// "search-NAME-N-reached" (the share of searches that met a text with a reward of at least that) and "search-NAME-N-nodes-to-reach"
/// (the mean number of nodes until then; of the others, all their nodes). The latter divided by the former is the expected number of nodes
/// until a text is met, if searches are repeated; by itself it is small for searches that soon give up. It is measured at every evaluation
/// of the adversarial phase: before the first iteration of the generator that has not learnt from judges, at the end of the one that has.
/// The best of 1 is the generator itself.
/// </summary>
public sealed record SearchMetricOptions : MetricOptions
{
    /// <summary>What its values are called after.</summary>
    [Required]
    public string Name { get; init; } = "";

    /// <summary>The search. Default: the best of n.</summary>
    public SearchOptions Search { get; init; } = new BestOfNOptions();

    /// <summary>
    /// Its budgets: n of "best-of-n", width of "beam", candidates of "guided", simulations of "tree". Default [1, 4, 16].
    /// </summary>
    public IReadOnlyList<int> Budgets { get; init; } = [1, 4, 16];

    /// <summary>What decides whether a text is right: an "attribute" of the data set's exact source, or a "rule".</summary>
    [Required]
    public GoldJudgeOptions Judge { get; init; } = null!;

    /// <summary>"discriminators" (default): the search looks for texts that these score high. "truth": for texts that are right.</summary>
    public Pursued Pursues { get; init; }

    /// <summary>Texts that are searched with each budget. Default 100.</summary>
    [Range(1, 1_000_000)]
    public int Texts { get; init; } = 100;

    /// <summary>The reward whose finding is noted; null (default): none.</summary>
    public double? Threshold { get; init; }

    /// <summary>
    /// The value of beginnings is fitted at each evaluation to the rewards of so many texts that the generator draws, which is counted
    /// nowhere; null (default): it is that of the estimator 'expert-iteration'.
    /// </summary>
    [Range(2, 10_000_000)]
    public int? FitOn { get; init; }

    /// <summary>How the value is fitted, with "fitOn". Default: 10 steps.</summary>
    public ValueOptions Value { get; init; } = new();

    public override bool NeedsData => Judge?.NeedsData == true;

    public override bool NeedsExactSource => Judge?.NeedsExactSource == true;

    public override bool IsAtEveryEvaluation => false;

    public override string NameEnd => Name;

    public override IReadOnlyList<string>? ValueNames =>
        [.. Budgets.SelectMany(budget => SearchMetric.ValueNames(Name, budget, Threshold is not null))];

    public override IEnumerable<Problem> Validate(string path)
    {
        if (Name.Length > 0 && MetricInput.NameProblem(Name) is { } wrong) yield return new($"{path}.name", wrong);
        if (Budgets.Count == 0 || Budgets.Any(budget => budget is < 1 or > 1_000_000) || Budgets.Distinct().Count() < Budgets.Count)
            yield return new($"{path}.budgets", $"[{string.Join(", ", Budgets)}] found; at least one budget is needed, each from 1 to " +
                "1000000 and none twice.");
        if (Judge?.Learns == true)
            yield return new($"{path}.judge", "learns, and is not the truth; take \"attribute\" or \"rule\".");
    }

    public override IMetric Build(MetricContext context)
    {
        var data = Judge.NeedsData ? context.DataSet("search", Data) : null;
        var judge = Judge.BuildChecked(
            new GoldJudgeContext(data, context.Encoder, context.Device, context.BaseFolder, context.BatchSize));
        return new SearchMetric(this, judge, context.Encoder);
    }
}
