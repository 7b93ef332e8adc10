using TextGan.Data;
using TextGan.Experiments;
using TextGan.Native;

namespace TextGan.Runs;

/// <summary>Loads data sets of an experiment, each once, and those first that others are made of.</summary>
/// <param name="options">The experiment.</param>
/// <param name="baseFolder">Where its relative paths start.</param>
/// <param name="message">Hears one line a data set.</param>
sealed class DataLoading(ExperimentOptions options, string baseFolder, Action<string> message)
{
    readonly Dictionary<string, DataSet> sets = [];

    /// <summary>Those that were loaded, by name.</summary>
    public IReadOnlyDictionary<string, DataSet> Sets => sets;

    /// <summary>Where models that draw texts compute.</summary>
    public Func<Device> Device { get; init; } = () => Devices.Resolve(options.Device, "$.device");

    /// <summary>Where the ids of drawn texts come from.</summary>
    public DrawnRows Drawn { get; init; } = (_, draw) => draw();

    /// <inheritdoc cref="DataContext.ReplyFolder"/>
    public string? ReplyFolder { get; init; }

    /// <inheritdoc cref="DataContext.MayAsk"/>
    public bool MayAsk { get; init; } = true;

    /// <summary>The data set of this name.</summary>
    /// <exception cref="InvalidInputException">It cannot be loaded.</exception>
    public DataSet Load(string name)
    {
        if (sets.TryGetValue(name, out var loaded)) return loaded;
        var set = options.Data[name].LoadChecked(new DataContext(name, baseFolder, options.Length)
        {
            Other = Load, Device = Device, Drawn = draw => Drawn(name, draw), PromptLength = options.PromptLength,
            ReplyFolder = ReplyFolder, MayAsk = MayAsk, Say = text => message($"data '{name}': {text}"),
        });
        message($"data '{name}': {set.Summary}");
        return sets[name] = options.Prompts is null ? set.WithoutPrompts() : set;
    }
}
