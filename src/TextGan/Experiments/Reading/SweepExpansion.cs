using System.Text.Json;
using TextGan.Data;
using TextGan.Runs.Format;

namespace TextGan.Experiments.Reading;

/// <summary>Makes one experiment per setting of an experiment that has a sweep (<see cref="SweepOptions"/>).</summary>
static class SweepExpansion
{
    /// <summary>Experiments of one sweep.</summary>
    const int MaximumRuns = 1000;

    /// <summary>Settings that are drawn for each that is wanted, before a random sweep has too few.</summary>
    const int DrawsPerRun = 100;

    /// <summary>
    /// The experiments of a sweep, or the experiment itself if it has none, or if something is wrong with it, which is then in
    /// <paramref name="findings"/>.
    /// </summary>
    /// <param name="experiment">The experiment with all edits.</param>
    /// <param name="edits">Those edits: none may set what is swept.</param>
    /// <param name="findings">Hears what is wrong.</param>
    public static IReadOnlyList<WrittenExperiment> Of(WrittenExperiment experiment, IReadOnlyList<Edit> edits, Findings findings)
    {
        var sweep = experiment.Merged["sweep"];
        var single = experiment with { Merged = experiment.Merged.Without("sweep") };
        if (sweep is null or { Kind: JsonValueKind.Null or JsonValueKind.Undefined } || experiment.Kinds is not { } kinds) return [single];
        var isSetting = single.Merged["swept"]?.Items.Count > 0;
        // What is wrong with the name is said of the experiment itself.
        if (experiment.Name is not { } name || NameRules.ProblemOf(name, dots: true, isOfSweep: isSetting) is not null) return [single];
        var before = findings.Added;
        if (isSetting)
            findings.Add(sweep.Origin, $"'{name}' is one setting of a sweep already; sweep the experiment that it comes from.");
        if (name.Length > SweepName.LongestSweep)
            findings.Add(single.Merged["name"]!.Origin,
                $"the name of an experiment with a sweep has at most {SweepName.LongestSweep} characters; this has {name.Length}.");
        if (!sweep.IsObject)
        {
            findings.Add(sweep.Origin,
                $"found {Wording.Found(sweep)}, expected an object of options to vary, such as {{ \"training.batch\": [64, 128] }}.");
            return [single];
        }
        var random = Random(sweep["random"], kinds, findings);
        var axes = Axes(sweep, single.Merged, kinds, random is null, findings);
        CheckEdits(axes, edits, single.Merged, name, findings);
        if (findings.Added > before) return [single];
        if (axes.Count == 0)
        {
            findings.Add(sweep.Origin,
                "names no option to vary; for example { \"training.batch\": [64, 128] }, or null for no sweep.");
            return [single];
        }
        IEnumerable<SweepValue[]> settings = random is null ? Grid(axes, sweep, findings) : Drawn(axes, random, sweep, findings);
        var names = Names(axes);
        List<WrittenExperiment> expanded =
            [.. settings.Select(setting => Expanded(single, axes, names, setting, kinds, findings)).OfType<WrittenExperiment>()];
        return findings.Added > before ? [single] : expanded;
    }

    static RandomSweepOptions? Random(JsonTree? written, KindRegistry kinds, Findings findings)
    {
        if (written is null or { Kind: JsonValueKind.Null }) return null;
        var (before, walker) = (findings.Added, new OptionWalker(kinds, findings));
        var mended = walker.Mend(written, typeof(RandomSweepOptions));
        // What stands in for a broken one is never used: nothing is expanded then.
        return mended is null || findings.Added > before ? new()
            : JsonSerializer.Deserialize<RandomSweepOptions>(mended.ToUtf8(), kinds.Json);
    }

    static List<SweepAxis> Axes(JsonTree sweep, JsonTree experiment, KindRegistry kinds, bool isGrid, Findings findings)
    {
        var axes = new List<SweepAxis>();
        foreach (var (path, written) in sweep.Members)
        {
            if (path == "random" || written.Kind is JsonValueKind.Null or JsonValueKind.Undefined) continue;
            if (SweepAxis.Read(path, written, experiment, kinds, isGrid, findings) is not { } axis) continue;
            if (axes.Find(other => IsWithin(other.Place, axis.Place)) is { } covered)
                findings.Add(written.Origin, $"'{path}' would replace '{covered.Path}', which is swept before it; " +
                    "keep one of them, or list the outer option first.");
            axes.Add(axis);
            experiment = axis.Set(experiment, axis.Values[0], kinds, out _) ?? experiment;
        }
        return axes;
    }

    static void CheckEdits(List<SweepAxis> axes, IReadOnlyList<Edit> edits, JsonTree experiment, string name, Findings findings)
    {
        foreach (var edit in edits.Where(edit => !edit.IsOfSweep))
        {
            if (axes.Find(axis => IsWithin(edit.PlaceIn(experiment), axis.Place)) is { } swept)
                findings.Add(edit.Origin, $"the experiment '{name}' sweeps over '{swept.Path}'; change that with --set " +
                    $"sweep.{swept.Path}=[...], or take the sweep away with --set sweep=null.");
        }
    }

    static bool IsWithin(IReadOnlyList<string> place, IReadOnlyList<string> other) => place.Take(other.Count).SequenceEqual(other);

    /// <summary>Every combination; the last option varies fastest.</summary>
    static IEnumerable<SweepValue[]> Grid(List<SweepAxis> axes, JsonTree sweep, Findings findings)
    {
        var count = axes.Aggregate(1.0, (product, axis) => product * axis.Values.Count);
        if (count > MaximumRuns)
        {
            findings.Add(sweep.Origin, $"these are {count:0} settings; at most {MaximumRuns} are allowed. Take fewer values, or draw " +
                "some at random: \"random\": { \"runs\": 20 }.");
            return [];
        }
        return axes.Aggregate((IEnumerable<SweepValue[]>)[[]],
            (settings, axis) => settings.SelectMany(setting => axis.Values.Select(value => (SweepValue[])[.. setting, value])));
    }

    /// <summary>Different settings; the n-th draw of an option depends on the seed, its path and n alone.</summary>
    static List<SweepValue[]> Drawn(List<SweepAxis> axes, RandomSweepOptions options, JsonTree sweep, Findings findings)
    {
        var streams = axes.Select(axis => new SeededRandom(options.Seed, "sweep " + axis.Path)).ToList();
        var settings = Enumerable.Range(0, DrawsPerRun * options.Runs)
            .Select(_ => axes.Zip(streams, (axis, stream) => axis.Draw(stream)).ToArray())
            .DistinctBy(setting => string.Join('\n', setting.Select(value => value.Text))).Take(options.Runs).ToList();
        if (settings.Count < options.Runs)
            findings.Add(sweep["random"]!["runs"]!.Origin,
                $"is {options.Runs}, but only {settings.Count} different settings were drawn; take fewer runs or more values.");
        return settings;
    }

    /// <summary>What options are called in names: as much of the end of each path as no other has.</summary>
    static IReadOnlyList<string> Names(List<SweepAxis> axes)
    {
        string[][] paths = [.. axes.Select(axis => axis.Path.Replace("[", ".", StringComparison.Ordinal)
            .Replace("]", "", StringComparison.Ordinal).Split('.'))];
        return [.. paths.Select(path => Enumerable.Range(1, path.Length).Select(count => path[^count..])
            .First(end => end.Length == path.Length
                || (!int.TryParse(end[0], out _) && paths.Count(other => other.TakeLast(end.Length).SequenceEqual(end)) == 1)))
            .Select(end => string.Join('.', end))];
    }

    static WrittenExperiment? Expanded(WrittenExperiment experiment, List<SweepAxis> axes, IReadOnlyList<string> names,
        SweepValue[] setting, KindRegistry kinds, Findings findings)
    {
        var tree = experiment.Merged;
        foreach (var (axis, value) in axes.Zip(setting))
        {
            if (axis.Set(tree, value, kinds, out var problem) is not { } edited)
            {
                findings.Add(axis.Written.Origin, $"this option is not in every setting: {problem}");
                return null;
            }
            tree = edited;
        }
        var origin = axes[0].Written.Origin;
        JsonTree Text(string text) => JsonTree.OfText(origin, EnvironmentVariables.Escape(text));
        var swept = axes.Select((axis, i) => JsonTree.OfMembers(origin,
        [
            new("option", Text(axis.Path)), new("name", Text(names[i])), new("value", Text(setting[i].Text)),
            .. axis.Range is { } range ? [new("scale", Text(range.Scale == SweepScale.Log ? "log" : "linear"))]
                : (KeyValuePair<string, JsonTree>[])[],
        ]));
        string NameIn(string sweep) => SweepName.Of(sweep, names.Zip(setting, (name, value) => (name, value.Label)));
        return experiment with
        {
            Merged = tree.With("name", JsonTree.OfText(tree["name"]!.Origin, NameIn(experiment.Name!)))
                .With("swept", JsonTree.OfItems(origin, [.. swept])),
            WrittenName = NameIn(experiment.WrittenName!),
        };
    }
}
