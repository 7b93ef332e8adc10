namespace TextGan.Metrics.Rankers;

/// <summary>An n-gram model of the training texts with Witten-Bell smoothing.</summary>
public sealed record NGramRankerOptions : RankerOptions
{
    /// <summary>n. Default 3.</summary>
    [Range(1, 10)]
    public int Order { get; init; } = 3;

    public override Ranker Build(RankerContext context) => new NGramRanker(context.NGram(Order));
}

/// <summary>Ranks by an n-gram model.</summary>
public sealed class NGramRanker(NGramModel model) : Ranker
{
    public override IReadOnlyList<double> Scores(IReadOnlyList<int[]> strings, EvaluationContext context) =>
        [.. strings.Select(ids => model.LogProbability(ids) / ids.Length)];
}
