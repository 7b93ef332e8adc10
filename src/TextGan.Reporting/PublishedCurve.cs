using System.Text.Json;

namespace TextGan.Reporting;

/// <summary>A curve that others have published, as an experiment's file names it.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Metric">The metric's name in the log.</param>
/// <param name="Steps">Adversarial iterations, ascending; empty for a single value.</param>
/// <param name="Values">One for each step.</param>
public sealed record PublishedCurve(string Name, string Metric, IReadOnlyList<double> Steps, IReadOnlyList<double> Values)
{
    /// <summary>What a run's config.json tells; nothing where it is missing or damaged: a picture does without it.</summary>
    public static IReadOnlyList<PublishedCurve> In(string configFile)
    {
        if (!File.Exists(configFile)) return [];
        try
        {
            using var config = JsonDocument.Parse(File.ReadAllBytes(configFile));
            if (!config.RootElement.TryGetProperty("published", out var all)) return [];
            return [.. all.EnumerateArray().Select(one => new PublishedCurve(one.GetProperty("name").GetString()!,
                one.GetProperty("metric").GetString()!, Numbers(one, "steps"), Numbers(one, "values")))];
        }
        catch (Exception damaged) when (damaged is JsonException or KeyNotFoundException or InvalidOperationException or FormatException
            or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    static double[] Numbers(JsonElement one, string name) => [.. one.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    /// <summary>The same figures under the same name, which several experiments of a file may have.</summary>
    public string Key => string.Join('|', [Name, Metric, .. Steps, .. Values]);
}
