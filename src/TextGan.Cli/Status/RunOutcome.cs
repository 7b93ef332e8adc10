using System.Globalization;
using System.Text.Json.Nodes;

namespace TextGan.Cli.Status;

/// <summary>A run's outcome.json.</summary>
/// <param name="Kind">Finished, stopped or failed.</param>
/// <param name="Message">Why it failed; null otherwise.</param>
/// <param name="Ended">When it ended; null if that cannot be read.</param>
public sealed record RunOutcome(StatusKind Kind, string? Message, DateTimeOffset? Ended)
{
    /// <summary>Null before the run has ended.</summary>
    public static RunOutcome? Read(RunFolder folder)
    {
        if (JsonFile.Read(folder.Outcome) is not { } json) return null;
        StatusKind? kind = Text(json, "outcome") switch
        {
            "finished" => StatusKind.Finished,
            "stopped" => StatusKind.Stopped,
            "failed" => StatusKind.Failed,
            _ => null,
        };
        return kind is null ? null : new(kind.Value, Text(json, "message"),
            DateTimeOffset.TryParse(Text(json, "ended"), CultureInfo.InvariantCulture, out var ended) ? ended : null);
    }

    static string? Text(JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
