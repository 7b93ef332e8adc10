using System.Text.Json;
using System.Text.Json.Serialization;
using TextGan.Runs.Events;

namespace TextGan.Cli.Jobs;

/// <summary>A line that a worker writes: what happened to its run, or how it ended.</summary>
public sealed record JobLine(RunEvent? Event, RunResult? Result)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>The line's content; null where it is something else, such as what a plug-in prints.</summary>
    public static JobLine? Parse(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonSerializer.Deserialize<JobLine>(line, Json) : null;
        }
        catch (Exception other) when (other is JsonException or NotSupportedException)
        {
            return null;
        }
    }
}
