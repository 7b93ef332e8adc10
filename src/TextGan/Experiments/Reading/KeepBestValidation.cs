namespace TextGan.Experiments.Reading;

/// <summary>Checks the metric by which the best checkpoint is kept.</summary>
static class KeepBestValidation
{
    public static IEnumerable<Problem> Check(ExperimentOptions options)
    {
        if (options.Training.KeepBest is not { Metric.Length: > 0 } best) yield break;
        var metrics = options.Evaluation.Metrics;
        if (metrics.FirstOrDefault(metric => !metric.IsAtEveryEvaluation && metric.ValueNames?.Contains(best.Metric) == true) is not null)
        {
            yield return new("$.training.keepBest.metric",
                $"the value {Wording.Quote(best.Metric)} is not measured at every evaluation; take one that is.");
            yield break;
        }
        // What the data decide is known when they are loaded: then a run says that the value is not there.
        string[] names = [.. metrics.SelectMany(metric => metric.ValueNames ?? []).Distinct()];
        if (metrics.Any(metric => metric.ValueNames is null) || names.Contains(best.Metric))
        {
            if (best.HigherIsBetter is null)
                yield return new("$.training.keepBest.better",
                    $"is missing: the name {Wording.Quote(best.Metric)} does not tell which values are better; give \"lower\" or " +
                    $"\"higher\".");
            yield break;
        }
        yield return new("$.training.keepBest.metric",
            $"the evaluation measures no {Wording.Quote(best.Metric)}; it measures " +
            $"{Wording.List(names)}.{NearestMatch.Hint(best.Metric, names)}");
    }
}
