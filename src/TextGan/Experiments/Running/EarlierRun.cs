using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Experiments.Reading;
using TextGan.Problems;
using TextGan.Training;

namespace TextGan.Experiments.Running;

/// <summary>Compares what lies in a run folder with the experiment that is to be run there.</summary>
public static class EarlierRun
{
    /// <summary>Parts of the resolved configuration that a run does not depend on. The base folder changes where a project is moved.</summary>
    static readonly string[] Irrelevant = ["$base", "description", "seeds"];

    const int ShownDifferences = 3;

    /// <exception cref="InvalidInputException">The folder holds a run of another configuration, which is neither mixed with this one nor overwritten.</exception>
    public static RunStanding Of(RunFolder folder, LoadedExperiment experiment)
    {
        // Without a line or a checkpoint nothing is lost.
        if (!File.Exists(folder.Config) || (!File.Exists(folder.Metrics) && Checkpoint.In(folder.Checkpoints).Count == 0)) return RunStanding.New;
        string[] differences = [.. Differences(folder, experiment)];
        if (differences.Length > 0)
        {
            var shown = string.Join("; ", differences.Take(ShownDifferences));
            var more = differences.Length > ShownDifferences ? $"; and {differences.Length - ShownDifferences} more" : "";
            throw new InvalidInputException(folder.Root,
                $"holds a run of another configuration ({shown}{more}). Begin it anew with --restart --only {experiment.Options.Name}, which deletes that run's files, " +
                "or give the experiment another name, or choose another folder with --runs.");
        }
        return OutcomeOf(folder) == "finished" ? RunStanding.Finished : RunStanding.Begun;
    }

    static string? OutcomeOf(RunFolder folder)
    {
        try
        {
            return File.Exists(folder.Outcome) && JsonNode.Parse(File.ReadAllText(folder.Outcome))?["outcome"] is JsonValue value && value.TryGetValue<string>(out var outcome) ? outcome : null;
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            return null; // then it is resumed, and at its last checkpoint it turns out to be done
        }
    }

    static IEnumerable<string> Differences(RunFolder folder, LoadedExperiment experiment)
    {
        var here = Relevant(experiment.Resolved);
        JsonObject? there = null;
        try
        {
            there = Relevant(JsonNode.Parse(File.ReadAllText(folder.Config)) as JsonObject ?? []);
            if (JsonNode.DeepEquals(there, here)) return [];
            // An earlier version may have written it: options that are new since have their defaults.
            there = Relevant(ExperimentFile.ReadConfig(folder.Config).Resolved);
        }
        catch (JsonException)
        {
            return ["its config.json is damaged"];
        }
        catch (InvalidInputException) when (there is not null)
        {
            // A plug-in, or an option that is gone: compared as it stands.
        }
        return Differences(there, here, "");
    }

    static JsonObject Relevant(JsonObject configuration)
    {
        var copy = (JsonObject)configuration.DeepClone();
        foreach (var key in Irrelevant) copy.Remove(key);
        return copy;
    }

    static IEnumerable<string> Differences(JsonNode? there, JsonNode? here, string path)
    {
        if (JsonNode.DeepEquals(there, here)) return [];
        return (there, here) switch
        {
            (JsonObject a, JsonObject b) => a.Select(pair => pair.Key).Union(b.Select(pair => pair.Key))
                .SelectMany(key => Differences(a[key], b[key], path.Length == 0 ? key : $"{path}.{key}")),
            (JsonArray a, JsonArray b) when a.Count == b.Count => Enumerable.Range(0, a.Count).SelectMany(i => Differences(a[i], b[i], $"{path}[{i}]")),
            _ => [$"{path} is {Words(there)} there and {Words(here)} here"],
        };
    }

    static string Words(JsonNode? value)
    {
        var text = value?.ToJsonString() ?? "null";
        return text.Length <= 60 ? text : text[..57] + "...";
    }
}
