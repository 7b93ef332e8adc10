using System.Text.Json;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;
using TextGan.Training;

namespace TextGan.Runs;

/// <summary>The figures of a run's last evaluation, from its log; empty where nothing was measured.</summary>
/// <param name="Values">Metric name → value; NaN where it could not be computed.</param>
/// <param name="Samples">Metric name → number of samples that it rests on; those that rest on none are left out.</param>
/// <param name="Missing">Metric name → why its value is NaN.</param>
public sealed record FinalMetrics(IReadOnlyDictionary<string, double> Values, IReadOnlyDictionary<string, int> Samples,
    IReadOnlyDictionary<string, string> Missing)
{
    const string Prefix = "metric/";

    public static FinalMetrics None { get; } = new(
        new Dictionary<string, double>(), new Dictionary<string, int>(), new Dictionary<string, string>());

    public static FinalMetrics Of(RunFolder folder)
    {
        if (!File.Exists(folder.Metrics)) return None;
        string? last = null;
        foreach (var line in MetricLog.ReadLines(folder.Metrics))
            if (line.Contains($"\"{Prefix}", StringComparison.Ordinal)) last = line;
        try
        {
            return last is not null && MetricLine.Parse(last) is var found
                ? new(Named(found.Values), Named(found.Samples), Named(found.Missing)) : None;
        }
        catch (JsonException)
        {
            return None; // a damaged line is named where plots are drawn
        }
    }

    static Dictionary<string, T> Named<T>(IReadOnlyDictionary<string, T>? logged) => (logged ?? new Dictionary<string, T>())
        .Where(pair => pair.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[Prefix.Length..], pair => pair.Value);
}
