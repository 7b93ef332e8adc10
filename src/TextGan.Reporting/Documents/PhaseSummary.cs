using System.Globalization;

namespace TextGan.Reporting.Documents;

/// <summary>What a run's evaluations found in one phase.</summary>
/// <param name="Steps">The evaluations' steps, ascending.</param>
/// <param name="Values">
/// By the name in metrics.jsonl a value for each evaluation: null where it was not measured, NaN where it could not be computed.
/// <c>processorSeconds</c> counts from the phase's first line.
/// </param>
public sealed record PhaseSummary(IReadOnlyList<double> Steps, IReadOnlyDictionary<string, IReadOnlyList<double?>> Values)
{
    /// <summary>
    /// The values of a phase; null if it was not evaluated. Values of training steps whose names <paramref name="logged"/> chooses are
    /// there too: at each evaluation their mean over the steps since the one before.
    /// </summary>
    public static PhaseSummary? Of(RunLog log, Phase phase, Func<string, bool> logged)
    {
        double[] steps = [.. log.Names.Where(name => name.StartsWith(LogNames.Metric, StringComparison.Ordinal))
            .SelectMany(name => log.Find(phase, name)?.Steps ?? []).Distinct().Order()];
        if (steps.Length == 0) return null;
        var values = new Dictionary<string, IReadOnlyList<double?>>();
        foreach (var name in log.Names)
        {
            if (log.Find(phase, name) is not { } series) continue;
            double?[] found = log.EvaluationNames.Contains(name) ? At(series, steps) : logged(name) ? Between(series, steps) : [];
            if (found.Any(value => value is not null)) values[name] = found;
        }
        if (log.Find(phase, LogNames.ProcessorSeconds) is { } used)
            values[LogNames.ProcessorSeconds] = At(new(used.Steps, [.. used.Values.Select(value => value - used.Values[0])]), steps);
        return new(steps, values);
    }

    static double?[] At(LogSeries series, double[] steps)
    {
        var found = series.Steps.Zip(series.Values).ToDictionary(point => point.First, point => point.Second);
        return [.. steps.Select(step => found.TryGetValue(step, out var value) ? Rounded(value) : (double?)null)];
    }

    static double?[] Between(LogSeries series, double[] steps) => [.. steps.Select((step, i) =>
    {
        var before = i == 0 ? double.NegativeInfinity : steps[i - 1];
        double[] within = [.. series.Steps.Zip(series.Values)
            .Where(point => point.First > before && point.First <= step && double.IsFinite(point.Second)).Select(point => point.Second)];
        return within.Length == 0 ? null : (double?)Rounded(within.Average());
    })];

    /// <summary>Rounds to five digits, which are more than a few seeds tell.</summary>
    static double Rounded(double value) => !double.IsFinite(value) ? value
        : double.Parse(value.ToString("E4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
