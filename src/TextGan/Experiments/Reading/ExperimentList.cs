using System.Text.Json;

namespace TextGan.Experiments.Reading;

/// <summary>An experiment as it was written, with the defaults under it, not yet edited or checked.</summary>
/// <param name="Own">What was written for this experiment.</param>
/// <param name="Merged">With what it extends and the defaults.</param>
/// <param name="Folder">Relative paths start here.</param>
/// <param name="WrittenFolder">The same with the environment variables as they were written.</param>
sealed record WrittenExperiment(JsonTree Own, JsonTree Merged, string Folder, string WrittenFolder)
{
    public string? Name => Merged.TextOf("name");

    /// <summary>The name before edits, which <see cref="ReadingSettings.Only"/> chooses by; with the setting, in a sweep.</summary>
    public string? WrittenName { get; init; } = Merged.TextOf("name");

    /// <summary>
    /// Whether defaults are written in it, too: it is the configuration of a run or a program's options. Then a value that is there may be
    /// one that nobody asked for.
    /// </summary>
    public bool HasDefaults => Own["$base"] is not null || !Own.Origin.Source.HasLines;

    /// <summary>The kinds that it may name; null where a plug-in of it cannot be loaded, which is reported.</summary>
    public KindRegistry? Kinds { get; init; } = KindRegistry.BuiltIn;
}

/// <summary>Reads a file and those that it names into a flat list of experiments, and merges defaults.</summary>
sealed class ExperimentList(ReadingSettings settings, Findings findings)
{
    /// <summary>Bytes in one file.</summary>
    const int MaximumSize = 16 << 20;

    static readonly string[] listKeys = ["$schema", "defaults", "experiments"];

    readonly HashSet<string> visited = [];
    readonly List<WrittenExperiment> experiments = [];

    public IReadOnlyList<WrittenExperiment> Experiments => experiments;

    /// <summary>Adds an experiment that is in no file.</summary>
    public void Add(ExperimentOptions options)
    {
        var source = new JsonSource($"experiment '{Wording.Clip(options.Name)}'", experiments.Count, HasLines: false);
        byte[] json;
        try
        {
            json = JsonSerializer.SerializeToUtf8Bytes(options, KindRegistry.BuiltIn.Json);
        }
        catch (Exception error) when (error is NotSupportedException or ArgumentException) // a kind of no plug-in, NaN
        {
            throw new InvalidInputException(source.Name, $"it cannot be written as JSON: {error.Message}");
        }
        var folder = Directory.GetCurrentDirectory();
        if (JsonTreeReader.Read(json, Origin.Root(source), findings) is { } tree)
            AddExperiment(tree, tree, folder, EnvironmentVariables.Escape(folder));
    }

    /// <summary>Adds the experiments of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shown">How messages name it.</param>
    /// <param name="mention">Where another file names it; null for the first.</param>
    /// <param name="paths">How messages name its folder; null where no environment variable is in it.</param>
    public void Add(string path, string shown, Origin? mention = null, WrittenPaths? paths = null)
    {
        var origin = Origin.Root(new JsonSource(shown, visited.Count, HasLines: true));
        string full;
        byte[]? json;
        try
        {
            full = Path.GetFullPath(path);
            if (!visited.Add(full))
            {
                findings.Add(mention ?? origin, $"the file '{shown}' is read already; each file can be named once.");
                return;
            }
            using var file = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            json = InputFile.ReadAllBytes(file, MaximumSize);
        }
        catch (Exception error) when (
            error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException
                or System.Security.SecurityException)
        {
            var what = error is FileNotFoundException or DirectoryNotFoundException ? "is not there" : Directory.Exists(path)
                ? "is a folder" : $"cannot be read ({Wording.Clip(error.Message)})";
            if (mention is null) throw new InvalidInputException(shown, $"the experiment file {what}{MissingFiles.Nearest(path)}");
            findings.Add(mention, $"the experiment file '{Wording.Clip(shown)}' {what}{MissingFiles.Nearest(path, paths)}");
            return;
        }
        if (json is null)
        {
            findings.Add(mention ?? Origin.Root(origin.Source, ""),
                $"the file '{Wording.Clip(shown)}' is larger than {MaximumSize >> 20} MB, which no experiment file is.");
            return;
        }
        if (JsonTreeReader.Read(json, origin, findings) is not { } tree) return;
        var folder = Path.GetDirectoryName(full)!;
        if (!tree.IsObject)
            findings.Add(tree.Origin,
                $"found {Wording.Found(tree)}, expected an object: an experiment with a \"name\", or a list with \"experiments\".");
        else if (tree["experiments"] is not null || tree["defaults"] is not null) AddList(tree, folder, shown);
        else if (BaseFolder(tree, folder) is var (start, written)) AddExperiment(tree, tree, start, written);
    }

    void AddList(JsonTree list, string folder, string shown)
    {
        foreach (var (name, value) in list.Members)
        {
            if (!listKeys.Contains(name))
                findings.Add(value.Origin,
                    $"the key {Wording.Quote(name)} is unknown; a list of experiments has " +
                    $"{Wording.List(listKeys)}.{NearestMatch.Hint(name, listKeys)}");
        }
        var defaults = list["defaults"];
        if (defaults is { IsObject: false })
        {
            if (defaults.Kind != JsonValueKind.Undefined)
                findings.Add(defaults.Origin, $"found {Wording.Found(defaults)}, expected an object with parts of an experiment.");
            defaults = null;
        }
        if (defaults is not null)
        {
            foreach (var name in (string[])["name", "extends", "$base"])
            {
                if (defaults[name] is { } value)
                    findings.Add(value.Origin, $"the key '{name}' belongs to single experiments; it cannot be a default.");
            }
            defaults = defaults.Without("name", "extends", "$base");
        }
        if (list["experiments"] is not { Kind: JsonValueKind.Array } entries)
        {
            if (list["experiments"] is { } wrong)
                findings.Add(wrong.Origin, $"found {Wording.Found(wrong)}, expected a list of experiments and names of files.");
            else findings.Add(list.Origin,
                "the key 'experiments' is missing; a file with 'defaults' must list the experiments that they are for.");
            return;
        }
        if (entries.Items.Count == 0)
            findings.Add(entries.Origin, "the list is empty; it needs at least one experiment or the name of a file.");
        var inline = new Dictionary<string, JsonTree>();
        foreach (var entry in entries.Items)
        {
            if (entry.TextOf("name") is { } name) inline.TryAdd(name, entry);
        }
        foreach (var entry in entries.Items) AddEntry(entry, defaults, inline, folder, shown);
    }

    void AddEntry(JsonTree entry, JsonTree? defaults, Dictionary<string, JsonTree> inline, string folder, string shown)
    {
        var file = entry.Kind == JsonValueKind.String ? entry : entry.IsObject ? entry["file"] : null;
        if (file is not null)
        {
            foreach (var (name, value) in entry.Members)
            {
                if (name != "file")
                    findings.Add(value.Origin,
                        $"the key {Wording.Quote(name)} is not allowed beside 'file'; that file defines its experiments.");
            }
            if (file.Kind != JsonValueKind.String) findings.Add(file.Origin, $"found {Wording.Found(file)}, expected the name of a file.");
            else if (EnvironmentVariables.Replace(file, settings, findings, isPath: true) is { Kind: JsonValueKind.String } named)
            {
                var paths = new WrittenPaths(settings);
                paths.AddAll(named, folder);
                if (string.IsNullOrWhiteSpace(named.Text)) findings.Add(file.Origin, "the name of the file is empty.");
                else Add(Path.Combine(folder, named.Text), Path.IsPathRooted(named.Text) ? named.Written
                    : Path.Combine(Path.GetDirectoryName(shown) ?? "", named.Written), file.Origin, paths);
            }
        }
        else if (!entry.IsObject)
        {
            if (entry.Kind != JsonValueKind.Undefined)
                findings.Add(entry.Origin, $"found {Wording.Found(entry)}, expected an experiment or the name of a file.");
        }
        else if (BaseFolder(entry, folder) is var (start, written) && Extended(entry, inline) is { } merged)
        {
            AddExperiment(entry, defaults is null ? merged : JsonTree.Merge(defaults, merged), start, written);
        }
    }

    void AddExperiment(JsonTree own, JsonTree merged, string folder, string writtenFolder)
    {
        if (merged["extends"] is { } extends)
            findings.Add(extends.Origin, "'extends' names another experiment of a list; this file has one experiment only.");
        experiments.Add(new WrittenExperiment(own, merged.Without("$schema", "$base", "extends"), folder, writtenFolder));
    }

    /// <summary>The entry over the experiment that it extends; name and description are its own. Null where that cannot be.</summary>
    JsonTree? Extended(JsonTree entry, Dictionary<string, JsonTree> inline)
    {
        var layers = new List<JsonTree> { entry };
        while (layers[^1]["extends"] is { } extends)
        {
            var names = inline.Keys.Where(name => name != entry.TextOf("name")).ToList();
            if (extends.Kind != JsonValueKind.String)
            {
                findings.Add(extends.Origin,
                    $"found {Wording.Found(extends)}, expected the name of another experiment of this list: {Wording.List(names)}.");
                return null;
            }
            if (!inline.TryGetValue(extends.Text, out var other))
            {
                findings.Add(extends.Origin,
                    $"there is no experiment {Wording.Quote(extends.Text)} in this list; it has " +
                    $"{Wording.List(names)}.{NearestMatch.Hint(extends.Text, names)}");
                return null;
            }
            if (layers.Contains(other))
            {
                findings.Add(entry["extends"]!.Origin,
                    $"this ends in a circle: " +
                    $"{string.Join(" extends ", layers.Append(other).Select(layer => $"'{Wording.Clip(layer.TextOf("name") ?? "?")}'"))}.");
                return null;
            }
            layers.Add(other);
        }
        var merged = layers[^1];
        for (var i = layers.Count - 2; i >= 0; i--) merged = JsonTree.Merge(merged.Without("name", "description", "$base"), layers[i]);
        return merged.Without("extends");
    }

    (string Folder, string Written)? BaseFolder(JsonTree experiment, string folder)
    {
        var here = EnvironmentVariables.Escape(folder);
        if (experiment["$base"] is not { } start) return (folder, here);
        if (start.Kind != JsonValueKind.String)
            findings.Add(start.Origin, $"found {Wording.Found(start)}, expected the folder that relative paths start at.");
        else if (EnvironmentVariables.Replace(start, settings, findings, isPath: true) is { Kind: JsonValueKind.String } text)
        {
            if (!text.Text.Contains('\0'))
            {
                var full = Path.GetFullPath(Path.Combine(folder, text.Text));
                return (full, !text.Written.Contains("${", StringComparison.Ordinal) ? full : Path.IsPathRooted(text.Text) ? text.Written
                    : Path.Combine(here, text.Written));
            }
            findings.Add(start.Origin, "the folder's name has the character U+0000.");
        }
        return null;
    }
}
