using TextGan.Plugins;

namespace TextGan.Metrics;

/// <summary>A plug-in's metric, whose results are checked. A value may be NaN: that is how a metric says that it cannot be computed.</summary>
public sealed class CheckedMetric : IMetric
{
    readonly PluginComponent origin;
    readonly IMetric inner;

    CheckedMetric(PluginComponent origin, IMetric inner) => (this.origin, this.inner) = (origin, inner);

    /// <summary>Builds a metric; only one that a plug-in brought is wrapped.</summary>
    public static IMetric Build(MetricOptions options, MetricContext context)
    {
        var metric = options.Build(context);
        return PluginComponent.Of(options) is { } origin ? new CheckedMetric(origin, origin.NotNull(options, nameof(Build), metric)) : metric;
    }

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var values = origin.NotNull(inner, nameof(Evaluate), inner.Evaluate(context));
        return values.Keys.Any(string.IsNullOrWhiteSpace) ? throw origin.Fault(inner, nameof(Evaluate), "gave a value without a name.") : values;
    }

    public int? Samples(int drawn) => inner.Samples(drawn);

    public string WhyMissing(string name) => origin.NotNull(inner, nameof(WhyMissing), inner.WhyMissing(name));
}
