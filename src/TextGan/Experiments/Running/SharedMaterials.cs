using System.Text.Json.Nodes;
using TextGan.Experiments.Reading;

namespace TextGan.Experiments.Running;

/// <summary>
/// The materials of a command's experiments: loaded once for those whose data, tokenizer and length are equal, and disposed of when
/// no later experiment needs them.
/// </summary>
/// <param name="experiments">Those that will be asked for, each once.</param>
/// <param name="message">Hears one line a data set.</param>
/// <param name="warn">Hears what should not be overlooked about the data; by default <paramref name="message"/> does.</param>
public sealed class SharedMaterials(IEnumerable<LoadedExperiment> experiments, Action<string> message, Action<string>? warn = null) : IDisposable
{
    readonly Shared<Materials> shared = new(experiments.Select(KeyOf));

    /// <summary>Loads the experiment's materials, or gives those of an earlier one. They belong to this until <see cref="LetGo"/>.</summary>
    public Materials Load(LoadedExperiment experiment)
    {
        var key = KeyOf(experiment);
        if (shared.Find(key) is { } earlier)
        {
            message("data and tokenizer: those of an earlier experiment");
            earlier.RequireTexts(experiment.Options);
            return earlier;
        }
        var materials = experiment.Paths.Watch(() => Materials.Load(experiment.Options, experiment.BaseFolder, null,
            text => message(experiment.Paths.Show(text)), warn is null ? null : text => warn(experiment.Paths.Show(text))));
        shared.Keep(key, materials);
        return materials;
    }

    /// <summary>The experiment is over.</summary>
    public void LetGo(LoadedExperiment experiment) => shared.LetGo(KeyOf(experiment));

    public void Dispose() => shared.Dispose();

    /// <summary>All that loading depends on: an oracle's texts come out of tensor operations, whose last bits depend on the threads; a kind may mean another thing in another plug-in.</summary>
    static string KeyOf(LoadedExperiment experiment) => new JsonObject
    {
        ["data"] = experiment.Resolved["data"]?.DeepClone(),
        ["tokenizer"] = experiment.Resolved["tokenizer"]?.DeepClone(),
        ["length"] = experiment.Options.Length,
        ["plugins"] = experiment.Resolved["plugins"]?.DeepClone(),
        ["baseFolder"] = experiment.BaseFolder,
        ["threads"] = experiment.Options.Threads,
    }.ToJsonString();
}
