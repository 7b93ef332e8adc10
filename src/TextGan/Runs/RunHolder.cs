using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Runs.Format;

namespace TextGan.Runs;

/// <summary>Who works in a run folder, as <c>.lock.json</c> says.</summary>
/// <param name="Process">The process's number.</param>
/// <param name="Host">The machine.</param>
/// <param name="Since">When it came.</param>
/// <param name="Run">The run that it works on, where the folder does not tell.</param>
public sealed record RunHolder(long Process, string Host, DateTimeOffset Since, string? Run = null)
{
    const string TimeFormat = "yyyy-MM-dd'T'HH:mm:sszzz";

    /// <summary>This process.</summary>
    public static RunHolder Here(RunId? run) => new(Environment.ProcessId, Environment.MachineName, DateTimeOffset.Now, run?.ToString());

    /// <summary>Null where the file is missing or damaged. After a crash it names a process that is gone.</summary>
    public static RunHolder? Read(RunFolder folder)
    {
        try
        {
            var holder = JsonNode.Parse(File.ReadAllText(folder.Holder));
            return new(holder!["process"]!.GetValue<long>(), holder["host"]!.GetValue<string>(),
                DateTimeOffset.Parse(holder["since"]!.GetValue<string>(), CultureInfo.InvariantCulture), holder["run"]?.GetValue<string>());
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or JsonException or FormatException
            or InvalidOperationException or NullReferenceException)
        {
            return null;
        }
    }

    public string ToJson() => new JsonObject
    {
        ["run"] = Run, ["process"] = Process, ["host"] = Host, ["since"] = Since.ToString(TimeFormat),
    }.ToJsonString();

    /// <summary>"process 4711 on host since 2026-11-25T14:03:11+00:00", in brackets after the run if that is known.</summary>
    public override string ToString()
    {
        var process = $"process {Process} on {Host} since {Since.ToString(TimeFormat)}";
        return Run is null ? process : $"{Run} ({process})";
    }
}
