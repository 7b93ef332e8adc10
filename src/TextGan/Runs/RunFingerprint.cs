using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Experiments.Reading;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;
using TextGan.Training;

namespace TextGan.Runs;

/// <summary>
/// What a run depends on: its configuration, in which the hash of each file's content replaces its path, and the environment.
/// Whether a run folder holds the same run is decided by configuration and content (<see cref="RunPlan.Look"/>); what runs share (data,
/// pretraining) has to agree in the environment as well, to the bit. Everything that is not left out below is part of it, so a new
/// option is by itself.
/// </summary>
public sealed class RunFingerprint
{
    /// <summary>
    /// Names, what pictures show, who is told of the run, and what the environment tells: the device and the threads that these options
    /// led to.
    /// </summary>
    static readonly string[] LeftOut = ["$base", "name", "description", "seeds", "device", "threads", "swept", "published", "trackers"];

    static readonly string[] MaterialParts = ["data", "tokenizer", "length", "prompts", "promptLength"];
    static readonly string[] PretrainingParts = [.. MaterialParts, "generator", "start", "pretraining", "evaluation", "guards"];

    /// <summary>What a discriminator does after its pretraining alone.</summary>
    static readonly string[] LaterOfDiscriminators = ["weight", "stepsPerIteration", "every", "fromScratch", "freezeAfter"];

    /// <summary>What a hash in the place of a path begins with.</summary>
    public const string ContentMark = "sha256:";

    readonly Lazy<JsonObject> environment;

    RunFingerprint(LoadedExperiment experiment, IReadOnlyDictionary<string, string> contents,
        IReadOnlyDictionary<string, Checkpoint> starts)
    {
        (Experiment, Contents, Starts) = (experiment, contents, starts);
        environment = new(() => RunEnvironment.Of(experiment.Options));
        Configuration = ConfigurationOf(experiment.Resolved, contents);
    }

    public LoadedExperiment Experiment { get; }

    /// <summary>SHA-256 of what the run reads, by the JSON path of the option that names it.</summary>
    public IReadOnlyDictionary<string, string> Contents { get; }

    /// <summary>
    /// The checkpoints of other runs that its generator and discriminators begin with, by the JSON path of the option that names the run.
    /// </summary>
    public IReadOnlyDictionary<string, Checkpoint> Starts { get; }

    /// <summary>Where it runs (<see cref="RunEnvironment.Of"/>).</summary>
    /// <exception cref="InvalidInputException">A device is not there.</exception>
    public JsonObject Environment => environment.Value;

    /// <summary>The resolved experiment without what decides nothing, hashes in the place of paths.</summary>
    public JsonObject Configuration { get; }

    /// <summary>A checksum of <see cref="Configuration"/>.</summary>
    public string Key => KeyOf(Configuration);

    /// <summary>Reads the experiment's files.</summary>
    /// <exception cref="InvalidInputException">A file cannot be read.</exception>
    public static RunFingerprint Of(LoadedExperiment experiment, ContentHashes hashes) => experiment.Paths.Watch(() =>
    {
        var starts = StartCheckpoint.AllOf(experiment);
        var contents = NamedFiles.ReadBy(experiment).Where(file => !starts.ContainsKey(file.Place))
            .ToDictionary(file => file.Place, file => file.Hash(hashes));
        foreach (var (place, start) in starts) contents[place] = hashes.Of(start.TensorFile);
        for (var i = 0; i < experiment.Options.Plugins.Count; i++)
        {
            var files = PluginLoader.FilesOf(InputFile.Resolve(experiment.BaseFolder, experiment.Options.Plugins[i]));
            contents[$"$.plugins[{i}]"] = files.Count == 1 ? hashes.Of(files[0])
                : hashes.OfAll(files.Select(file => (Path.GetFileName(file), file)));
        }
        return new RunFingerprint(experiment, contents, starts);
    });

    /// <summary>
    /// A checksum of all that loading data and tokenizer depends on: texts of an oracle or a model come out of tensor operations, whose
    /// last bits depend on device and threads.
    /// </summary>
    public string Materials
    {
        get
        {
            var slice = Slice(MaterialParts);
            slice["threads"] = Experiment.Options.Threads;
            slice["device"] = Experiment.Options.Device;
            return KeyOf(slice);
        }
    }

    /// <summary>A checksum of all that the texts of a data set depend on that a model draws, to the bit.</summary>
    public string DataSet(string name)
    {
        var slice = Slice("length", "promptLength");
        slice["data"] = Configuration["data"]?[name]?.DeepClone();
        return KeyOf(slice, seed: 0);
    }

    /// <summary>A checksum of all that the generator's pretraining, its lines and its checkpoints depend on.</summary>
    public string Pretraining(int seed)
    {
        var slice = Slice(PretrainingParts);
        // A discriminator whose features the generator reads is there as it begins.
        if (Experiment.Options.Generator.ReadsFeaturesOf is { } name)
        {
            var leaking = Configuration["discriminators"]?.AsArray().FirstOrDefault(one => (string?)one!["name"] == name)?.DeepClone();
            foreach (var property in LaterOfDiscriminators) leaking?.AsObject().Remove(property);
            slice["leaks"] = leaking;
        }
        return KeyOf(slice, seed);
    }

    /// <summary>A checksum of all that the discriminators' pretraining, its lines and its checkpoints depend on.</summary>
    public string DiscriminatorPretraining(int seed)
    {
        var (options, slice) = (Experiment.Options, Slice([.. PretrainingParts, "discriminators"]));
        foreach (var discriminator in slice["discriminators"]!.AsArray())
            foreach (var property in LaterOfDiscriminators) discriminator!.AsObject().Remove(property);
        if (!options.Estimator.ShowsPlainSamples)
        {
            slice["estimator"] = Configuration["estimator"]?.DeepClone();
            slice["iterations"] = options.Training.Iterations; // schedules run over them
        }
        foreach (var part in (string[])["batch", "logEvery", "checkpointEvery"])
            slice[part] = Configuration["training"]?[part]?.DeepClone();
        return KeyOf(slice, seed);
    }

    /// <summary>Throws where data or tokenizer are no longer what they were when this was made.</summary>
    public void CheckLoaded(ContentHashes hashes) => Experiment.Paths.Watch(() =>
    {
        foreach (var file in NamedFiles.ReadBy(Experiment))
        {
            if (!file.Place.StartsWith("$.data.", StringComparison.Ordinal)
                && !file.Place.StartsWith(StoredTokenizer.Place, StringComparison.Ordinal)) continue;
            if (file.Hash(hashes) != Contents[file.Place]) throw ChangedMeanwhile(file.Path);
        }
    });

    /// <summary>What is thrown where a file is not what this command found at its beginning.</summary>
    public static InvalidInputException ChangedMeanwhile(string path) =>
        new(path, "was changed while the command was running. Give the command again.");

    /// <summary>How the experiment writes the path that stands at a place.</summary>
    public string NameAt(string place)
    {
        var name = "";
        JsonPlaces.Visit(Experiment.Resolved, (at, value) => { if (at == place) name = value?.ToString() ?? ""; return value; });
        return name;
    }

    /// <summary>Keeps the hashes in the run's folder; the configuration is there already.</summary>
    public void Write(RunFolder folder) =>
        AtomicFile.WriteText(folder.Fingerprint, JsonSerializer.Serialize(Contents, KindRegistry.BuiltIn.Json));

    /// <summary>The hashes that <see cref="Write"/> kept; null where an earlier version kept none.</summary>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public static IReadOnlyDictionary<string, string>? ContentsIn(RunFolder folder)
    {
        if (!File.Exists(folder.Fingerprint)) return null;
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(InputFile.ReadAllBytes(folder.Fingerprint))
                ?? throw new JsonException("it is null");
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            throw new InvalidInputException(folder.Fingerprint, $"is damaged ({damaged.Message}).");
        }
    }

    /// <summary>The <see cref="Key"/> of the run that a folder holds, from what it keeps.</summary>
    /// <exception cref="InvalidInputException">Its files are missing or damaged.</exception>
    public static string KeyIn(RunFolder folder) => KeyOf(ConfigurationOf(
        JsonObject.Create(JsonFile.Object(folder.Config))!, ContentsIn(folder) ?? new Dictionary<string, string>()));

    /// <summary>A resolved experiment without what decides nothing, hashes in the place of paths.</summary>
    public static JsonObject ConfigurationOf(JsonObject resolved, IReadOnlyDictionary<string, string> contents)
    {
        var configuration = (JsonObject)resolved.DeepClone();
        JsonPlaces.Visit(configuration, (place, value) => contents.TryGetValue(place, out var hash) ? ContentMark + hash : value);
        foreach (var name in LeftOut) configuration.Remove(name);
        (configuration["training"] as JsonObject)?.Remove("iterations"); // a run can be trained on: see RunDifferences
        (configuration["start"] as JsonObject)?.Remove("step"); // the content tells which
        foreach (var discriminator in (configuration["discriminators"] as JsonArray ?? []).OfType<JsonObject>())
        {
            discriminator.Remove("device");
            (discriminator["start"] as JsonObject)?.Remove("step");
        }
        return configuration;
    }

    /// <summary>A part of the configuration, with the plug-ins: a kind may mean another thing in another plug-in.</summary>
    JsonObject Slice(params string[] parts)
    {
        var slice = new JsonObject();
        foreach (var part in (string[])[.. parts, "plugins"]) slice[part] = Configuration[part]?.DeepClone();
        return slice;
    }

    /// <summary>A checksum of what comes out the same only with the same seed, in the same environment.</summary>
    string KeyOf(JsonObject slice, int seed)
    {
        slice["environment"] = Environment.DeepClone();
        slice["seed"] = seed;
        return KeyOf(slice);
    }

    static string KeyOf(JsonObject slice) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(slice.ToJsonString())));
}
