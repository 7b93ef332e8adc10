using TextGan.Learning.Objectives.Combiners;
using TextGan.Learning.Updates;
using TextGan.Metrics;

namespace TextGan.Experiments.Reading;

/// <summary>Checks what the estimator 'expert-iteration' and the metric 'search' need of other parts of an experiment.</summary>
static class SearchValidation
{
    public static IEnumerable<Problem> Check(ExperimentOptions options, IReadOnlyCollection<string> declared)
    {
        // Names of discriminators that could not be read are declared, too.
        var names = declared.Where(key => key.StartsWith(ExperimentValidation.DiscriminatorKey(""), StringComparison.Ordinal));
        var pursuesNothing = options.HasObjective && options.Discriminators.All(one => one.Weight == 0)
            && names.All(name => options.Discriminators.Any(one => ExperimentValidation.DiscriminatorKey(one.Name) == name));
        return
        [
            .. options.Estimator is ExpertIterationOptions ? Estimator(options, pursuesNothing) : [], .. Metrics(options, pursuesNothing),
        ];
    }

    const string NoReward = "looks for texts that the discriminators score high, but none of them has a weight above 0";

    static IEnumerable<Problem> Estimator(ExperimentOptions options, bool pursuesNothing)
    {
        if (pursuesNothing) yield return new("$.estimator", $"'expert-iteration' {NoReward}; give one, or take another estimator.");
        if (options.Normalization is not null)
            yield return new("$.normalization",
                "the estimator 'expert-iteration' chooses texts by rewards and does not multiply by them; leave 'normalization' out.");
        if (options.Combiner.NeedsGradients)
            yield return new("$.combiner",
                "mixes one gradient for each discriminator, but the estimator 'expert-iteration' has one gradient for all of them; take " +
                "\"fixed\".");
        else if (options.Combiner.ReadsLosses)
            yield return new("$.combiner",
                "weighs the discriminators by their losses, but the estimator 'expert-iteration' chooses texts by their own weights; " +
                "take \"fixed\".");
        foreach (var name in (options.Combiner as ScheduledCombinerOptions)?.Weights.Keys.Where(
            name => options.Discriminators.Any(one => one.Name == name)) ?? [])
            yield return new("$.combiner.weights" + Origin.Step(name),
                "the estimator 'expert-iteration' chooses texts by the discriminators' own weights; leave this schedule out.");
    }

    static IEnumerable<Problem> Metrics(ExperimentOptions options, bool pursuesNothing)
    {
        for (var k = 0; k < options.Evaluation.Metrics.Count; k++)
        {
            if (options.Evaluation.Metrics[k] is not SearchMetricOptions metric) continue;
            var path = $"$.evaluation.metrics[{k}]";
            if (options.Prompts is not null)
                yield return new(path, "searches texts without prompts, but the generator answers prompts ('prompts'); leave it out.");
            if (pursuesNothing && metric.Pursues == Pursued.Discriminators)
                yield return new($"{path}.pursues", $"{NoReward}; give one, or take \"truth\".");
            if (metric.Pursues == Pursued.Discriminators
                && options.Discriminators.FirstOrDefault(one => one.Weight > 0 && !one.Loss.TrainsLogits) is { } untrained)
                yield return new($"{path}.pursues",
                    $"the logits of the discriminator '{untrained.Name}', which are pursued, learn nothing with its loss; take " +
                    "\"truth\", or another loss there.");
            if (metric is { Search.NeedsValue: true, FitOn: null, Pursues: Pursued.Truth })
                yield return new($"{path}.search",
                    "needs a learnt value of beginnings, and that of the estimator 'expert-iteration' is one of the discriminators' " +
                    "scores, not of the truth; set 'fitOn'.");
            else if (metric.Search.NeedsValue && metric.FitOn is null && options.Estimator is not ExpertIterationOptions)
                yield return new($"{path}.search",
                    "needs a learnt value of beginnings, which only the estimator 'expert-iteration' learns; take that, or set 'fitOn'.");
        }
    }
}
