namespace TextGan.Metrics.Exact;

/// <summary>What the models of one evaluation say of every text. Each is asked once, however many metrics read it.</summary>
/// <param name="texts">All texts.</param>
/// <param name="context">The evaluation.</param>
sealed class EvaluatedTexts(EnumeratedTexts texts, EvaluationContext context)
{
    readonly Dictionary<string, double[]> scores = [];
    double[]? logProbabilities;

    /// <summary>ln q of each text, [N].</summary>
    public double[] LogProbabilities() => logProbabilities ??= texts.LogProbabilities(context.Generator);

    /// <summary>A judge's score of each text, [N].</summary>
    public double[] Scores(EvaluatedJudge judge) =>
        scores.TryGetValue(judge.Name, out var known) ? known : scores[judge.Name] = texts.Each(judge.Scores);
}
