using TextGan.Learning.Objectives.Combiners;
using TextGan.Learning.Objectives.Regularizers;
using TextGan.Learning.Objectives;
using TextGan.Metrics.Exact;
using TextGan.Metrics;

namespace TextGan.Experiments.Reading;

/// <summary>What metrics that sum over all texts need of an experiment.</summary>
static class ExactValidation
{
    public static IEnumerable<Problem> Check(MetricOptions metric, string path, ExperimentOptions options)
    {
        if (metric is not (ExactMetricOptions or ExactDiscriminatorsMetricOptions or ExactCurvesMetricOptions or ExactOptimumMetricOptions))
            yield break;
        if (options.Prompts is not null)
            yield return new(path, "sums over texts without prompts, but the generator answers prompts ('prompts'); leave it out.");
        if (metric is ExactMetricOptions) yield break;
        if (options.Discriminators.FirstOrDefault(one => !one.Loss.TrainsLogits) is { } untrained)
            yield return new(path,
                $"measures logits, and those of the discriminator '{untrained.Name}' learn nothing with its loss; take another " +
                "loss there.");
        if (options.Training.WeightAverage > 0)
            yield return new(path,
                "compares with the generator that the discriminators learn against and judge, but evaluations read its average " +
                "('training.weightAverage'); leave one of the two out.");
        if (metric is not ExactOptimumMetricOptions) yield break;
        if (WhyNoOptimum(options) is { } reason)
            yield return new(path, $"the optimum is not known: {reason}; leave the metric out, or change that.");
    }

    static string? WhyNoOptimum(ExperimentOptions options)
    {
        var others = RegularizerKinds.Weights(options.Regularizers)
            .Where(term => term.Key != KlRegularizer.TermName && term.Value > 0).Select(term => term.Key).ToList();
        return options.Estimator.WhyNoExactGradient is { } reason ? reason
            : options.Normalization is not null ? "normalised signals are others in each batch ('normalization')"
            : options.Regularizers.Kl.Weight == 0 ? "without a KL from the reference ('regularizers.kl') the best text alone is the optimum"
            : options.Regularizers.Kl.Adaptive is not null ? "the weight of the KL is adapted ('regularizers.kl.adaptive')"
            : options.Regularizers.Kl is KlLossOptions { Estimator: KlLossEstimator.K3 }
                ? "\"k3\" has the gradient of the divergence the other way round ('regularizers.kl.estimator')"
            : options.Discriminators.FirstOrDefault(one => one.Structured) is { } moving
                ? $"the rewards of the discriminator '{moving.Name}' change with the generator ('structured')"
            : options.Combiner is ScheduledCombinerOptions ? "weights follow schedules ('combiner')"
            : options.Regularizers.Kl is KlLossOptions { LengthNormalization: not LengthNormalization.None }
                ? "the KL is weighed per token; set 'regularizers.kl' to a \"loss\" with \"lengthNormalization\": \"none\", or to a " +
                    "\"reward\""
            : others.Count > 0 ? $"there are further terms ('regularizers': {string.Join(", ", others)})"
            : options.Discriminators.FirstOrDefault(one => one.Loss.GeneratorReadsReal && options.Estimator.LearnsFromLosses) is { } real
                ? $"the loss of the discriminator '{real.Name}' compares with real texts, which are drawn"
            : null;
    }
}
