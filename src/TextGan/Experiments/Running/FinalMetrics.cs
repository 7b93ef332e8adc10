using System.Text.Json;
using TextGan.Training;

namespace TextGan.Experiments.Running;

/// <summary>The figures of a run's last evaluation, from its log.</summary>
public static class FinalMetrics
{
    const string Prefix = "metric/";

    /// <summary>Metric name → value; empty where nothing was measured.</summary>
    public static IReadOnlyDictionary<string, double> Of(RunFolder folder)
    {
        if (!File.Exists(folder.Metrics)) return new Dictionary<string, double>();
        string? last = null;
        foreach (var line in MetricLog.ReadLines(folder.Metrics))
            if (line.Contains($"\"{Prefix}", StringComparison.Ordinal)) last = line;
        try
        {
            return last is null ? new Dictionary<string, double>() : MetricLine.Parse(last).Values
                .Where(pair => pair.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(pair => pair.Key[Prefix.Length..], pair => pair.Value);
        }
        catch (JsonException)
        {
            return new Dictionary<string, double>(); // a damaged line is named where plots are drawn
        }
    }
}
