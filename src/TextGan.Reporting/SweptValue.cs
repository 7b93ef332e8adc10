using System.Globalization;
using System.Text.Json;

namespace TextGan.Reporting;

/// <summary>An option that a sweep has set in a run.</summary>
/// <param name="Option">Its path, such as "estimator.temperature".</param>
/// <param name="Name">What the experiment's name calls it.</param>
/// <param name="Value">Its value, as text.</param>
/// <param name="IsLogarithmic">Whether its values are spaced by ratios; null if they were listed.</param>
public sealed record SweptValue(string Option, string Name, string Value, bool? IsLogarithmic)
{
    /// <summary>The value as a number; NaN if it is not a number.</summary>
    public double Number =>
        double.TryParse(Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
            : double.NaN;

    /// <summary>What a run's config.json tells; nothing where it is missing or damaged: a picture does without it.</summary>
    public static IReadOnlyList<SweptValue> In(string configFile)
    {
        if (!File.Exists(configFile)) return [];
        try
        {
            using var config = JsonDocument.Parse(File.ReadAllBytes(configFile));
            return !config.RootElement.TryGetProperty("swept", out var swept) ? []
                : [.. swept.EnumerateArray().Select(one => new SweptValue(
                    one.GetProperty("option").GetString()!, one.GetProperty("name").GetString()!, one.GetProperty("value").GetString()!,
                    one.GetProperty("scale").GetString() is { } scale ? scale == "log" : null))];
        }
        catch (Exception damaged) when (
            damaged is JsonException or KeyNotFoundException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
