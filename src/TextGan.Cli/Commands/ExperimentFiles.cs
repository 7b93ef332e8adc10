using System.Globalization;

namespace TextGan.Cli.Commands;

/// <summary>The arguments that choose and change experiments, shared by the commands that read them.</summary>
public sealed class ExperimentFiles
{
    public const string DefaultName = "experiments.json";

    readonly Argument<string?> file = new("FILE")
    {
        Description = $"Experiment file. Default: {DefaultName} in the current folder or the nearest folder above.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    readonly Option<string[]> only = new("--only")
    {
        Description = "Only these experiments, by name; '*' stands for any text, a sweep's name for all of its experiments.",
        HelpName = "NAMES",
        AllowMultipleArgumentsPerToken = true,
    };

    readonly Option<string[]> edits = new("--set")
    {
        Description = "Change a value before the experiments are checked, for example training.iterations=100. An item of a list is " +
            "counted from 0, " +
            "discriminators[0].weight=0.5, or called by its name, discriminators.helpfulness.weight=0.5. May be repeated.",
        HelpName = "PATH=VALUE",
    };

    readonly Option<string[]> seeds = new("--seeds")
    {
        Description = "Run these seeds in place of the experiments' own, for example 1,2,3.",
        HelpName = "SEEDS",
        AllowMultipleArgumentsPerToken = true,
    };

    readonly ReadingOptions reading = new();

    /// <summary>What the user allows experiments.</summary>
    public ReadingSettings Settings(ParseResult parsed, Terminal terminal) => reading.Settings(parsed, terminal);

    public void AddTo(Command command, Terminal terminal)
    {
        only.CompletionSources.Add(Completions.OfList(context => Completions.Experiments(context.ParseResult.GetValue(file), terminal)
            .SelectMany(one => (string[])[SweepName.SweepOf(one.Name), one.Name]).Distinct()));
        command.Add(file);
        command.Add(only);
        command.Add(edits);
        command.Add(seeds);
        reading.AddTo(command);
    }

    /// <summary>Reads and checks the experiments; throws <see cref="InvalidInputException"/> with all that is wrong.</summary>
    public IReadOnlyList<LoadedExperiment> Read(ParseResult parsed, Terminal terminal) =>
        Read(parsed.GetValue(file), terminal, Settings(parsed, terminal) with
    {
        Only = Names(parsed.GetValue(only)),
        Edits = [.. parsed.GetValue(edits) ?? [], .. SeedEdit(parsed.GetValue(seeds))],
    });

    /// <summary>"NAME/SEED" of each run of the file that the command line names.</summary>
    public IEnumerable<string> Runs(ParseResult parsed, Terminal terminal) =>
        from one in Completions.Experiments(parsed.GetValue(file), terminal)
        from seed in one.Seeds
        select new RunId(one.Name, seed).Path;

    /// <summary>The file's name without folder and ending: what the comparison of its runs is called.</summary>
    public string Name(ParseResult parsed) => Path.GetFileNameWithoutExtension(parsed.GetValue(file) ?? DefaultName);

    /// <summary>Reads a file by its name, or the default one where none is given.</summary>
    public static IReadOnlyList<LoadedExperiment> Read(string? file, Terminal terminal, ReadingSettings settings) =>
        ExperimentFile.Read(Find(file, terminal), settings);

    static IReadOnlyList<string> Names(string[]? given)
    {
        var names = Entries(given);
        return names.All(name => name.Length > 0) ? names
            : throw new InvalidInputException("--only", "'' is not a name of an experiment; names are separated by commas or blanks.");
    }

    static IEnumerable<string> SeedEdit(string[]? given)
    {
        var seeds = new List<int>();
        foreach (var entry in Entries(given))
        {
            if (!int.TryParse(entry, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed))
                throw new InvalidInputException("--seeds", $"'{entry}' is not a whole number; seeds are whole numbers such as 1,2,3.");
            if (seeds.Contains(seed))
                throw new InvalidInputException("--seeds", $"the seed {seed} is given twice; each run needs its own.");
            seeds.Add(seed);
        }
        if (seeds.Count > 0) yield return $"seeds=[{string.Join(',', seeds)}]";
    }

    /// <summary>Entries are separated by commas, or stand in arguments of their own.</summary>
    static IReadOnlyList<string> Entries(string[]? given) =>
        [.. (given ?? []).SelectMany(entries => entries.Split(',', StringSplitOptions.TrimEntries))];

    /// <summary>The experiment file that is named, or the default one.</summary>
    internal static string Find(string? given, Terminal terminal)
    {
        if (given is not null)
        {
            var path = terminal.Full(given);
            if (File.Exists(path)) return terminal.Shown(path);
            throw new InvalidInputException(given, Directory.Exists(path) ? "is a folder; an experiment file is needed."
                : "does not exist.");
        }
        for (var folder = terminal.CurrentFolder; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var path = Path.Combine(folder, DefaultName);
            if (File.Exists(path)) return terminal.Shown(path);
        }
        throw new InvalidInputException(DefaultName,
            $"is neither in {terminal.CurrentFolder} nor in a folder above; name the experiment file.");
    }
}
