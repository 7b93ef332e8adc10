using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Discriminators;
using TextGan.Generators.Pretrained;
using TextGan.Learning.Updates;
using TextGan.Runs.Format;

namespace TextGan.Experiments.Reading;

/// <summary>
/// Reads experiments from JSON (comments and trailing commas are welcome). A file is one experiment, an object with a <c>name</c>; or
/// <c>{ "defaults": {...}, "experiments": [...] }</c>, whose items are experiments, or names of further files.
/// <list type="bullet">
/// <item>Defaults lie under each experiment that stands in the same file: objects are merged key by key, lists and single values are
/// replaced, an object of another kind replaces the whole, and null takes a default away.</item>
/// <item><c>"extends": "name"</c> lays an experiment over another of the same list (without its name and description).</item>
/// <item>A file that a list names stands alone: the defaults of the list are not for it, relative paths start at its own folder, and
/// it gives the same experiments wherever it is read from.</item>
/// <item><c>"sweep"</c> makes several experiments of one (<see cref="SweepOptions"/>), after defaults and edits.</item>
/// <item><c>${NAME}</c> and <c>${NAME:-default}</c> in paths are environment variables (<see cref="ReadingSettings.AllowedVariables"/>);
/// <c>$${</c> stands for <c>${</c>.</item>
/// </list>
/// All that is wrong is reported at once; nothing is guessed and nothing is skipped.
/// </summary>
public static class ExperimentFile
{
    /// <summary>The experiments of a file, in their order.</summary>
    /// <exception cref="InvalidInputException">Something is wrong; every problem names its place.</exception>
    public static IReadOnlyList<LoadedExperiment> Read(string path, ReadingSettings? settings = null) =>
        string.IsNullOrWhiteSpace(path) ? throw new InvalidInputException("experiment file", "the name of the file is empty.")
            : Read(list => list.Add(path, path), path, settings ?? new ReadingSettings());

    /// <summary>
    /// Experiments that a program has made instead of a file: checked in the same way, and the same runs as those of a file with these
    /// options. Relative paths start at the current folder. A loop of the program takes the place of
    /// <see cref="ExperimentOptions.Sweep"/>.
    /// </summary>
    /// <exception cref="InvalidInputException">Something is wrong; every problem names its place.</exception>
    public static IReadOnlyList<LoadedExperiment> Of(IReadOnlyList<ExperimentOptions> experiments, ReadingSettings? settings = null) =>
        Read(list =>
        {
            foreach (var experiment in experiments) list.Add(experiment);
        }, "experiments", settings ?? new ReadingSettings());

    static List<LoadedExperiment> Read(Action<ExperimentList> add, string shown, ReadingSettings settings)
    {
        try
        {
            return ReadAll(add, shown, settings);
        }
        catch (Exception error) when (PluginFault.Describe(error) is { } fault)
        {
            throw new InvalidInputException(shown, fault + ".");
        }
    }

    static List<LoadedExperiment> ReadAll(Action<ExperimentList> add, string shown, ReadingSettings settings)
    {
        var findings = new Findings();
        var list = new ExperimentList(settings, findings);
        add(list);
        CheckNames(list.Experiments, findings);
        var edits = settings.Edits.Select((argument, index) => Edit.Parse(argument, int.MaxValue - settings.Edits.Count + index, findings))
            .OfType<Edit>().ToList();
        var choice = new ExperimentChoice(settings.Only, list.Experiments, shown);
        var expanded = Apply(choice.Candidates(edits.Any(edit => edit.IsOfSweep)), edits, settings, findings)
            .SelectMany(one => SweepExpansion.Of(one, edits, findings)).ToList();
        // Where a sweep cannot be read, its experiments are not known, and that is the problem to show.
        List<WrittenExperiment> edited = [.. (findings.Count > 0 ? expanded : choice.Chosen(expanded))
            .Select(one => one with { Merged = EnvironmentVariables.Replace(one.Merged, settings, findings) })];
        var loaded = edited.Select(one => Load(one, settings, findings)).OfType<LoadedExperiment>().ToList();
        CheckLoadedNames(edited, loaded, findings);
        findings.ThrowIfAny();
        return loaded;
    }

    /// <summary>
    /// Names and seeds of a file's experiments as they are written, even if they are wrong in other places; a sweep has its own name.
    /// </summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<int> Seeds)> NamesIn(string path)
    {
        var list = new ExperimentList(new ReadingSettings(), new Findings());
        list.Add(path, path);
        return [.. list.Experiments.Where(one => one.Name is not null).Select(one => (one.Name!, Seeds(one.Merged["seeds"])))];

        static IReadOnlyList<int> Seeds(JsonTree? written) => written is null ? new ExperimentOptions().Seeds
            : [.. written.Items.SelectMany(item => int.TryParse(item.Text, out var seed) ? (int[])[seed] : [])];
    }

    /// <summary>The stored experiment of a run (<c>config.json</c>).</summary>
    /// <exception cref="InvalidInputException">It is damaged, or was not written by this version.</exception>
    public static LoadedExperiment ReadConfig(string path, ReadingSettings? settings = null)
    {
        var experiments = Read(path, (settings ?? new ReadingSettings()) with { CheckFiles = false });
        return experiments.Count == 1 ? experiments[0]
            : throw new InvalidInputException(path, $"the file has {Amount.Of(experiments.Count, "experiment")}; a run's has one.");
    }

    static void CheckNames(IReadOnlyList<WrittenExperiment> experiments, Findings findings)
    {
        // Runs lie in folders of these names, and some file systems do not tell upper from lower case.
        var first = new Dictionary<string, JsonTree>(StringComparer.OrdinalIgnoreCase);
        foreach (var experiment in experiments)
        {
            if (experiment.Name is not { Length: > 0 } name || first.TryAdd(name, experiment.Merged["name"]!)) continue;
            findings.Add(experiment.Merged["name"]!.Origin,
                $"the name {Wording.Quote(name)} is that of the experiment at {first[name].Origin} too; each needs its own.");
        }
    }

    /// <summary>Edits and variables may have made names alike that were different as written.</summary>
    static void CheckLoadedNames(IReadOnlyList<WrittenExperiment> written, List<LoadedExperiment> loaded, Findings findings)
    {
        foreach (var twins in loaded.GroupBy(one => one.Options.Name, StringComparer.OrdinalIgnoreCase).Where(twins => twins.Count() > 1))
        {
            if (findings.Count > 0) return;
            var origin = written.First(one => one.Merged["name"] is not null).Merged["name"]!.Origin;
            findings.Add(origin, $"{twins.Count()} experiments have the name {Wording.Quote(twins.Key)} after edits; each needs its own.");
        }
    }

    /// <summary>Edits every experiment and loads its plug-ins.</summary>
    static List<WrittenExperiment> Apply(
        IReadOnlyList<WrittenExperiment> experiments, IReadOnlyList<Edit> edits, ReadingSettings settings, Findings findings)
    {
        var edited = experiments.ToList();
        foreach (var edit in edits.Where(edit => edit.IsOfPlugins)) ApplyOne(edit, edited, findings);
        edited = [.. edited.Select(one => one with { Kinds = KindsOf(one, settings, findings) })];
        foreach (var edit in edits.Where(edit => !edit.IsOfPlugins)) ApplyOne(edit, edited, findings);
        return edited;
    }

    static void ApplyOne(Edit edit, List<WrittenExperiment> experiments, Findings findings)
    {
        var problems = new List<string>();
        var applied = false;
        for (var i = 0; i < experiments.Count; i++)
        {
            if (experiments[i].Kinds is not { } known) applied = true; // the plug-in is reported
            else if (edit.Apply(experiments[i].Merged, known, out var problem) is { } tree)
            {
                experiments[i] = experiments[i] with { Merged = tree };
                applied = true;
            }
            else problems.Add(problem);
        }
        if (applied || problems.Count == 0) return;
        var where = experiments.Count == 1 ? $"the experiment {Wording.Quote(experiments[0].Name ?? "")}" : "any of the experiments";
        findings.Add(edit.Origin,
            $"the place is not in {where}: " +
            $"{problems.Distinct().OrderByDescending(problem => problem.Contains("Did you mean", StringComparison.Ordinal)).First()}");
    }

    static KindRegistry? KindsOf(WrittenExperiment experiment, ReadingSettings settings, Findings findings)
    {
        var kinds = KindRegistry.BuiltIn;
        if (experiment.Merged["plugins"] is not { Kind: JsonValueKind.Array } plugins) return kinds; // another type is reported later
        plugins = EnvironmentVariables.Replace(plugins, settings, findings, isPath: true);
        var paths = PathsOf(plugins, experiment, settings);
        var named = plugins.Items.Where(plugin => plugin.Kind == JsonValueKind.String).ToList();
        var refused = named.Where(plugin => IsFileName(plugin.Text)
            && !settings.Plugins.Allows(Path.Combine(experiment.Folder, plugin.Text))).ToList();
        if (refused.Count > 0)
        {
            // One message however many there are; and nothing of the experiment is judged by code that was not allowed.
            findings.Add(refused[0].Origin,
                $"{(refused.Count == 1 ? "the plug-in" : "the plug-ins")} " +
                $"{string.Join(", ", refused.Select(plugin => Wording.Quote(plugin.Written)))} would run code with your rights. " +
                "If you trust it, add --allow-plugins to the command, or --plugin-folder FOLDER to allow only the plug-ins in that " +
                "folder.");
            return null;
        }
        var sound = true;
        foreach (var plugin in named)
        {
            try
            {
                if (!IsFileName(plugin.Text)) throw new InvalidInputException(plugin.Text, "this is not a name of a file.");
                var file = Path.Combine(experiment.Folder, plugin.Text);
                kinds = kinds.With(paths.Show(file), PluginLoader.Load(file));
            }
            catch (InvalidInputException error)
            {
                foreach (var problem in error.Problems) findings.Add(plugin.Origin, paths.Show(problem.Message));
                sound = false;
            }
        }
        return sound ? kinds : null;

        static bool IsFileName(string text) => text.Length > 0 && !text.Contains('\0');
    }

    static LoadedExperiment? Load(WrittenExperiment experiment, ReadingSettings settings, Findings findings)
    {
        if (experiment.Kinds is not { } kinds) return null;
        experiment = experiment with { Merged = WithTokenizer(experiment.Merged) };
        var before = findings.Added;
        var walker = new OptionWalker(kinds, findings);
        if (walker.Mend(experiment.Merged, typeof(ExperimentOptions)) is not { } mended) return null;
        ExperimentOptions options;
        try
        {
            options = JsonSerializer.Deserialize<ExperimentOptions>(mended.ToUtf8(), kinds.Json)!;
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            if (findings.Added == before && walker.IsWhole)
                findings.Add(experiment.Own.Origin, $"the experiment cannot be read: {error.Message}");
            return null;
        }

        var paths = PathsOf(experiment.Merged, experiment, settings);
        foreach (var problem in ContentProblems(options, experiment, walker, kinds, settings, paths)) Report(
            problem, experiment, options, walker, findings);
        if (findings.Added > before || !walker.IsWhole) return null;
        var written = JsonSerializer.Deserialize<ExperimentOptions>(mended.ToUtf8(asWritten: true), kinds.Json);
        var resolved = (JsonObject)JsonSerializer.SerializeToNode(written, kinds.Json)!;
        resolved.Insert(0, "$base", experiment.WrittenFolder);
        resolved.Remove("sweep"); // expanded by now
        if (options.Swept.Count == 0) resolved.Remove("swept");
        return new LoadedExperiment(options, resolved, experiment.Folder) { Kinds = kinds, Paths = paths, Settings = settings };
    }

    /// <summary>An experiment that names no tokenizer has that of its pretrained generator's folder.</summary>
    static JsonTree WithTokenizer(JsonTree experiment)
    {
        if (experiment["tokenizer"] is { Kind: not JsonValueKind.Null } || experiment["generator"] is not { } generator
            || generator.TextOf("kind") != "pretrained") return experiment;
        // A path that is missing is reported of the generator alone, and one that is wrong once, as both have one origin.
        return experiment.With("tokenizer", generator["path"] is not { } path
            ? JsonTree.Literal(generator.Origin, JsonValueKind.Undefined)
            : JsonTree.OfMembers(path.Origin, [new("kind", generator["kind"]!), new("path", path)]));
    }

    static WrittenPaths PathsOf(JsonTree tree, WrittenExperiment experiment, ReadingSettings settings)
    {
        var paths = new WrittenPaths(settings);
        paths.Add(experiment.WrittenFolder, experiment.Folder);
        paths.AddAll(tree, experiment.Folder);
        return paths;
    }

    static IEnumerable<Problem> ContentProblems(ExperimentOptions options, WrittenExperiment experiment, OptionWalker walker,
        KindRegistry kinds, ReadingSettings settings, WrittenPaths paths)
    {
        foreach (var (path, nested) in NestedOptions.Of(options, kinds))
        {
            // What lost a part is judged when it is whole.
            if (!walker.Damaged.Contains(path))
            {
                foreach (var problem in nested.Validate(path)) yield return problem;
            }
            if (!settings.CheckFiles) continue;
            foreach (var problem in MissingFiles.Of(nested, path, experiment.Folder, kinds, paths)) yield return problem;
            foreach (var problem in ChatPermission.Of(nested, path, settings)) yield return problem;
            if (nested is not IModelReader reader || walker.Damaged.Contains(path)) continue;
            foreach (var problem in reader.CheckFiles(path, experiment.Folder, options.Length))
                yield return problem with { Message = paths.Show(problem.Message) };
        }
        // The options cannot tell an explicit default from a missing value.
        if (!experiment.HasDefaults && experiment.Merged["estimator"]?["draws"] is not null && !walker.Damaged.Contains("$.estimator")
            && options.Estimator is PathwiseOptions { Draws: PathwiseOptions.DefaultDraws } pathwise
            && pathwise.WhyNoDraws("$.estimator") is { } useless)
            yield return useless;
        if (settings.CheckFiles && options.Generator is { } generator && !walker.Damaged.Contains("$.generator"))
        {
            foreach (var problem in generator.CheckFiles("$.generator", experiment.Folder, options.Length))
                yield return problem with { Message = paths.Show(problem.Message) };
        }
        var readable = options with // what lost a part, such as a path of held-out texts, may promise another thing than it will
        {
            Data = options.Data.Where(set => !walker.Damaged.Contains("$.data" + Origin.Step(set.Key))).ToDictionary(),
        };
        foreach (var problem in ExperimentValidation.Check(readable, Declared(experiment.Merged)))
        {
            // The default that stands in for a broken part may contradict another part.
            if (!walker.Damaged.Any(damaged => damaged != "$" && Covers(damaged, problem.Place))) yield return problem;
        }

        static bool Covers(string damaged, string place) => damaged.StartsWith("$.discriminators[", StringComparison.Ordinal)
            && place.StartsWith(damaged, StringComparison.Ordinal)
            ? !place.EndsWith(".data", StringComparison.Ordinal) && !place.EndsWith(".name", StringComparison.Ordinal)
            : damaged == place;
    }

    /// <summary>The names that an experiment declares, whether the parts behind them can be read or not.</summary>
    static HashSet<string> Declared(JsonTree experiment)
    {
        var names = new HashSet<string>();
        foreach (var (name, value) in experiment["data"]?.Members ?? [])
        {
            if (value.Kind != JsonValueKind.Null) names.Add(ExperimentValidation.DataKey(name));
        }
        foreach (var discriminator in experiment["discriminators"]?.Items ?? [])
        {
            if (discriminator.TextOf("name") is { } name) names.Add(ExperimentValidation.DiscriminatorKey(name));
        }
        if (experiment["pretraining"] is { Kind: not JsonValueKind.Null }) names.Add(ExperimentValidation.PretrainingKey);
        return names;
    }

    /// <summary>Finds where the value that a problem is about was written.</summary>
    static void Report(Problem problem, WrittenExperiment experiment, ExperimentOptions options, OptionWalker walker, Findings findings)
    {
        var path = problem.Place;
        while (!walker.Origins.ContainsKey(path))
        {
            var cut = path.LastIndexOfAny(['.', '[']);
            if (cut <= 0) break;
            path = path[..cut];
        }
        var origin = walker.Origins.GetValueOrDefault(path, experiment.Own.Origin);
        var rest = problem.Place.StartsWith(path, StringComparison.Ordinal) ? problem.Place[path.Length..] : "";
        var inherited = !origin.IsWithin(experiment.Own.Origin);
        findings.Add(origin, problem.Message + (inherited ? $" (experiment '{SweepName.SweepOf(options.Name)}')" : ""), rest);
    }
}
