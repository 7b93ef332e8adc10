using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Experiments;
using TextGan.Experiments.Reading;
using TextGan.Native;
using TextGan.Runs.Format;
using TextGan.Training;

namespace TextGan.Runs;

/// <summary>
/// What a run's bits may depend on beside its configuration: versions, commit, device, threads. environment.json has what the last command
/// found and, if it is known, the "command" itself, and under "history" the same of each command that worked on the run, oldest first, with
/// "resumedAt" (phase and step) if it resumed.
/// </summary>
public static class RunEnvironment
{
    /// <summary>What has to be equal for equal bits.</summary>
    /// <exception cref="Problems.InvalidInputException">A device is not there.</exception>
    public static JsonObject Of(ExperimentOptions options) => new()
    {
        ["textgan"] = VersionOf(typeof(RunEnvironment).Assembly),
        ["torchSharp"] = VersionOf(typeof(TorchSharp.torch).Assembly),
        ["libTorch"] = LibTorch.Description,
        ["dotnet"] = RuntimeInformation.FrameworkDescription,
        ["processor"] = RuntimeInformation.ProcessArchitecture.ToString(),
        ["operations"] = OperationMode.Description,
        ["device"] = string.Join("; ", DevicesOf(options)
            .Select(one => one.Name is null ? $"{one.Device}" : $"{one.Name} on {one.Device}")),
        ["precision"] = NameOf(PrecisionOf(options)),
        ["threads"] = options.Threads ?? Environment.ProcessorCount,
    };

    /// <summary>What the experiment's precision means on its devices.</summary>
    /// <exception cref="Problems.InvalidInputException">A device is not there.</exception>
    public static Precision PrecisionOf(ExperimentOptions options) =>
        ModelPrecision.On(DevicesOf(options).Select(one => one.Device), options.Precision);

    /// <summary>As an experiment writes it.</summary>
    public static string NameOf(Precision precision) => JsonNamingPolicy.KebabCaseLower.ConvertName(precision.ToString());

    /// <summary>The run's device, and that of each discriminator that has one of its own.</summary>
    static IEnumerable<(string? Name, Device Device)> DevicesOf(ExperimentOptions options)
    {
        yield return (null, Devices.Resolve(options.Device, "$.device"));
        for (var k = 0; k < options.Discriminators.Count; k++)
        {
            if (options.Discriminators[k] is { Device: { } own } discriminator)
                yield return (discriminator.Name, Devices.Resolve(own, $"$.discriminators[{k}].device"));
        }
    }

    /// <summary>
    /// What the commands of a run found, oldest first. A file that is missing or damaged is one command of which nothing is known.
    /// </summary>
    public static IReadOnlyList<JsonObject> HistoryIn(RunFolder folder)
    {
        try
        {
            if (JsonNode.Parse(File.ReadAllBytes(folder.Environment),
                documentOptions: new() { AllowDuplicateProperties = false }) is not JsonObject last) return [[]];
            // An earlier version kept the last command alone.
            return last["history"] is JsonArray { Count: > 0 } all ? [.. all.Select(one => one as JsonObject ?? [])] : [last];
        }
        catch (Exception damaged) when (damaged is JsonException or IOException or UnauthorizedAccessException)
        {
            return [[]];
        }
    }

    /// <summary>"textgan was 0.1.0+86b2a01 and is 0.1.0+0c1d2e3, ..."; empty where all commands found the same as this one.</summary>
    public static string Differences(IReadOnlyList<JsonObject> history, JsonObject now) => string.Join(", ", now
        .Select(pair => (pair.Key, Is: pair.Value!.ToString()))
        .Select(pair => (pair.Key, pair.Is, Was: history.Select(one => one[pair.Key]?.ToString() ?? "unknown")
            .FirstOrDefault(was => was != pair.Is)))
        .Where(pair => pair.Was is not null).Select(pair => $"{pair.Key} was {pair.Was} and is {pair.Is}"));

    /// <summary>Adds this command to the history.</summary>
    public static void Write(RunFolder folder, IReadOnlyList<JsonObject> earlier, JsonObject now, int iterations, string? command = null)
    {
        var entry = (JsonObject)now.DeepClone();
        if (command is not null) entry["command"] = command;
        entry["operatingSystem"] = RuntimeInformation.OSDescription;
        entry["processors"] = Environment.ProcessorCount;
        entry["interOpThreads"] = get_num_interop_threads();
        entry["iterations"] = iterations;
        entry["started"] = DateTimeOffset.Now.ToString("yyyy-MM-dd'T'HH:mm:sszzz");
        var file = (JsonObject)entry.DeepClone();
        file["history"] = new JsonArray([.. earlier.Select(one => one.DeepClone()), entry]);
        AtomicFile.WriteText(folder.Environment, file.ToJsonString(KindRegistry.BuiltIn.Json));
    }

    /// <summary>Notes at which checkpoint the command that was added last has resumed the run.</summary>
    public static void NoteResumed(RunFolder folder, string phase, long step)
    {
        var file = JsonNode.Parse(File.ReadAllBytes(folder.Environment))!;
        file["history"]!.AsArray()[^1]!["resumedAt"] = new JsonObject { ["phase"] = phase, ["step"] = step };
        AtomicFile.WriteText(folder.Environment, file.ToJsonString(KindRegistry.BuiltIn.Json));
    }

    /// <summary>The informational version, which holds the commit ("0.1.0+86b2a01...").</summary>
    public static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString()
            ?? "unknown";
}
