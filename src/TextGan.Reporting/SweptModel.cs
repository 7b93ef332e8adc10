using TextGan.Metrics.Sweeps;

namespace TextGan.Reporting;

/// <summary>A model whose texts were measured at several temperatures or values of top-p.</summary>
/// <param name="Name">What legends call it; models of one name and look have one entry.</param>
/// <param name="Look">Its look.</param>
/// <param name="Curves">Its curves.</param>
public sealed record SweptModel(string Name, LineLook Look, IReadOnlyList<SweepCurve> Curves)
{
    /// <summary>The model as the last evaluation of a phase found it; null if no sweep was measured there.</summary>
    public static SweptModel? Of(RunLog run, Phase phase, string name, LineLook look)
    {
        var last = run.Names.Where(metric => metric.StartsWith(LogNames.Metric, StringComparison.Ordinal))
            .Select(metric => (Name: metric[LogNames.Metric.Length..], Series: run.Find(phase, metric)))
            .Where(metric => metric.Series is not null).ToDictionary(metric => metric.Name, metric => metric.Series!.LastValue);
        return SweepCurve.In(last) is { Count: > 0 } curves ? new(name, look, curves) : null;
    }
}
