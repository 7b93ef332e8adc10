using TextGan.Metrics;

namespace TextGan.Experiments;

/// <summary>Which data sets gold judges learn from, and which training reads: no set may be both.</summary>
public static class GoldData
{
    /// <summary>The data sets that gold judges learn from, each with the JSON path that names it.</summary>
    public static IEnumerable<(string Place, string Name)> LearntByJudges(ExperimentOptions options) =>
        Named(options.Evaluation.Metrics.Select((metric, k) =>
            ($"$.evaluation.metrics[{k}].data", metric is GoldMetricOptions { Judge.Learns: true } ? metric.Data : null)));

    /// <summary>The data sets that training reads, each with the JSON path that names it.</summary>
    public static IEnumerable<(string Place, string Name)> ReadByTraining(ExperimentOptions options) => Named(
    [
        ("$.pretraining.data", options.Pretraining?.Data),
        ("$.prompts", options.Prompts),
        ("$.regularizers.likelihoodData", options.Regularizers.LikelihoodData),
        ("$.regularizers.mediator.data", options.Regularizers.Mediator?.Data),
        .. options.Discriminators.Select((one, k) => ($"$.discriminators[{k}].data", one.Data)),
    ]);

    static IEnumerable<(string, string)> Named(IEnumerable<(string Place, string? Name)> all) =>
        all.Where(one => !string.IsNullOrEmpty(one.Name)).Select(one => (one.Place, one.Name!));
}
