using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Experiments;
using TextGan.Experiments.Reading;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;
using TextGan.Schedules;
using TextGan.Training;

namespace TextGan.Runs;

/// <summary>
/// Compares what lies in a run folder with the run that is to be made there: the same configuration and the same content of what it
/// reads. The number of iterations may be another, where the iterations that are done would not have been others for it.
/// </summary>
static class RunDifferences
{
    const int ShownDifferences = 3;

    /// <summary>At so many steps schedules are compared.</summary>
    const int ComparedSteps = 1000;

    /// <summary>Whether the two differ in the number of iterations, and in nothing else.</summary>
    /// <exception cref="InvalidInputException">They differ in something else, or the iterations that are done would have been others.
    /// </exception>
    public static bool AreOfIterations(RunFolder folder, RunFingerprint fingerprint)
    {
        var (there, options) = (ConfigurationIn(folder), fingerprint.Experiment.Options);
        var iterations = IterationsOf(there, options);
        string[] found = there is null ? ["its config.json is damaged"]
            : [.. Differences(folder, there, fingerprint), .. OtherIterations(folder, iterations, fingerprint.Experiment)];
        if (found.Length == 0) return iterations != options.Training.Iterations;
        var shown = string.Join("; ", found.Take(ShownDifferences));
        var more = found.Length > ShownDifferences ? $"; and {found.Length - ShownDifferences} more" : "";
        throw new InvalidInputException(folder.Root,
            $"holds a run of another configuration or of other files ({shown}{more}). Start it over with --restart --only " +
            $"{options.Name}, which deletes that run's files, or give the experiment another name, or choose another folder with --runs.");
    }

    /// <summary>
    /// Its config.json as this version reads it: an earlier one may have written it, and options that are new since have their defaults.
    /// </summary>
    static JsonObject? ConfigurationIn(RunFolder folder)
    {
        try
        {
            return ExperimentFile.ReadConfig(folder.Config).Resolved;
        }
        catch (InvalidInputException)
        {
            // A plug-in, or an option that is gone: compared as it stands.
        }
        try
        {
            return JsonNode.Parse(File.ReadAllText(folder.Config),
                documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static IEnumerable<string> Differences(RunFolder folder, JsonObject there, RunFingerprint fingerprint)
    {
        var contents = fingerprint.Contents;
        try
        {
            if (RunFingerprint.ContentsIn(folder) is { } kept) contents = kept;
            else if (contents.Count > 0) return [
                "an earlier version made it and kept no checksums of its files, so whether they are the same cannot be told"];
        }
        catch (InvalidInputException)
        {
            return [$"its {Path.GetFileName(folder.Fingerprint)} is damaged"];
        }
        return Differences(RunFingerprint.ConfigurationOf(there, contents), fingerprint.Configuration, "").Select(place =>
            IsContent(place.There) && IsContent(place.Here)
                ? $"{place.Path}: '{fingerprint.NameAt("$." + place.Path)}' is not what the run read" : Words(place));
    }

    /// <summary>In what parts of two runs' configurations differ (<see cref="RunFingerprint.ConfigurationOf"/>), a sentence each.</summary>
    public static IEnumerable<string> Between(JsonNode? there, JsonNode? here, string path) => Differences(there, here, path).Select(
        place => IsContent(place.There) && IsContent(place.Here) ? $"{place.Path} has other content there than here" : Words(place));

    static string Words((string Path, JsonNode? There, JsonNode? Here) place) =>
        $"{place.Path} is {Words(place.There)} there and {Words(place.Here)} here";

    static IEnumerable<(string Path, JsonNode? There, JsonNode? Here)> Differences(JsonNode? there, JsonNode? here, string path)
    {
        if (JsonNode.DeepEquals(there, here)) return [];
        return (there, here) switch
        {
            (JsonObject a, JsonObject b) => a.Select(pair => pair.Key).Union(b.Select(pair => pair.Key))
                .SelectMany(key => Differences(a[key], b[key], path.Length == 0 ? key : $"{path}.{key}")),
            (JsonArray a, JsonArray b) when a.Count == b.Count =>
                Enumerable.Range(0, a.Count).SelectMany(i => Differences(a[i], b[i], $"{path}[{i}]")),
            _ => [(path, there, here)],
        };
    }

    static bool IsContent(JsonNode? value) =>
        value is JsonValue text && text.TryGetValue<string>(out var hash)
            && hash.StartsWith(RunFingerprint.ContentMark, StringComparison.Ordinal);

    static string Words(JsonNode? value)
    {
        var text = IsContent(value) ? "a file" : value?.ToJsonString() ?? "null";
        return text.Length <= 60 ? text : text[..57] + "...";
    }

    /// <summary>How many iterations the run was to have; without anything that teaches there are none, whatever the number.</summary>
    static int IterationsOf(JsonObject? there, ExperimentOptions options) =>
        options.HasObjective && there?["training"] is JsonObject training && training["iterations"] is JsonValue value
            && value.TryGetValue<int>(out var count)
            ? count : options.Training.Iterations;

    /// <summary>Why a run cannot have another number of iterations than it was begun with.</summary>
    static IEnumerable<string> OtherIterations(RunFolder folder, int was, LoadedExperiment experiment)
    {
        var wanted = experiment.Options.Training.Iterations;
        if (wanted == was) yield break;
        var said = $"training.iterations is {was} there and {wanted} here";
        var done = Checkpoint.In(folder.Checkpoints)
            .LastOrDefault(checkpoint => checkpoint.Phase == PhaseNames.NameOf(Phase.Adversarial))?.Step;
        if (wanted < was && done >= wanted) yield return $"{said}, and {done} are done";
        var last = Math.Max(done ?? 0, 1);
        long[] steps = [.. Enumerable.Range(0, (int)Math.Min(last, ComparedSteps)).Select(i => i * last / Math.Min(last, ComparedSteps))];
        foreach (var (path, options) in NestedOptions.Of(experiment.Options, experiment.Kinds))
        {
            if (options is ScheduleOptions schedule && steps.Any(step => schedule.ValueAt(step, was) != schedule.ValueAt(step, wanted)))
                yield return $"{said}, and {path[2..]} runs over all of them: the iterations that are done would have had other values";
        }
    }
}
