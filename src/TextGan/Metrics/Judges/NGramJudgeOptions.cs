namespace TextGan.Metrics.Judges;

/// <summary>
/// Logistic regression on which words and pairs of neighbouring words a text has, as Bradley and Terry (1952) compare pairs: of another
/// kind than the discriminators. It learns from the training pairs of the data set; of texts with prompts it reads the responses alone.
/// </summary>
public sealed record NGramJudgeOptions : GoldJudgeOptions
{
    /// <summary>λ of λ/2 |w|², the penalty beside the sum over the pairs of -ln p(chosen is better). Default 1.</summary>
    [Range(1e-6, 1e6)]
    public double Penalty { get; init; } = NGramLogisticRegression.DefaultPenalty;

    public override bool Learns => true;

    public override bool NeedsPairs => true;

    public override GoldJudge Build(GoldJudgeContext context)
    {
        var pairs = context.Data!.Train;
        return new NGramJudge([.. pairs.Texts.Zip(pairs.Rejected!)], Penalty);
    }
}

/// <summary>The score of a <see cref="NGramLogisticRegression"/> that learns from pairs.</summary>
/// <param name="pairs">Chosen and rejected texts.</param>
/// <param name="penalty">λ, <see cref="NGramJudgeOptions.Penalty"/>.</param>
public sealed class NGramJudge(IReadOnlyList<(string Chosen, string Rejected)> pairs, double penalty) : GoldJudge
{
    NGramLogisticRegression? model;

    public override void Learn() => model = NGramLogisticRegression.FitPairs(pairs, penalty);

    public override IReadOnlyList<double> Scores(IReadOnlyList<string> texts) => [.. texts.Select(model!.Score)];
}
