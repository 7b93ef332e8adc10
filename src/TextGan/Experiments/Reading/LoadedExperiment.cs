using System.Text.Json.Nodes;
using TextGan.Safety;

namespace TextGan.Experiments.Reading;

/// <summary>An experiment that was read and found valid.</summary>
/// <param name="Options">What to run.</param>
/// <param name="Resolved">
/// The whole experiment as JSON: merged, edited, with every default filled in and <c>$base</c> naming <paramref name="BaseFolder"/>;
/// environment variables in paths stand as they were written. Stored as <c>config.json</c> and read again it gives the same options and
/// the same folder, if the variables have the same values.
/// </param>
/// <param name="BaseFolder">Relative paths in the options start here; an absolute path.</param>
public sealed record LoadedExperiment(ExperimentOptions Options, JsonObject Resolved, string BaseFolder)
{
    /// <summary>The kinds it may name: the library's and those of its plug-ins.</summary>
    public KindRegistry Kinds { get; init; } = KindRegistry.BuiltIn;

    /// <summary>What was allowed when it was read.</summary>
    public ReadingSettings Settings { get; init; } = new();

    /// <summary>How messages name those of its paths that have environment variables in them.</summary>
    public WrittenPaths Paths { get; init; } = new(new ReadingSettings());

    /// <summary>The same experiment on so many threads and on a device; null leaves what it says.</summary>
    public LoadedExperiment On(int? threads, string? device)
    {
        var resolved = (JsonObject)Resolved.DeepClone();
        if (threads is not null) resolved["threads"] = threads;
        if (device is not null) resolved["device"] = device;
        var options = Options with { Threads = threads ?? Options.Threads, Device = device ?? Options.Device };
        return this with { Options = options, Resolved = resolved };
    }

    /// <summary><see cref="Resolved"/> as indented text.</summary>
    public string ToJson() => SafeText.Json(Resolved.ToJsonString(Kinds.Json));
}
