using TextGan.Reporting;

namespace TextGan.Cli.Commands;

/// <summary>Draws the pictures of runs again, or compares runs of whatever experiments.</summary>
public static class PlotCommand
{
    public static Command Create(Terminal terminal)
    {
        var runs = new Argument<string[]>("RUN")
        {
            Description = "Run folders: runs/EXPERIMENT/SEED, or runs/EXPERIMENT for all its seeds.",
            Arity = ArgumentArity.OneOrMore,
        };
        runs.CompletionSources.Add(Completions.Of(context => Completions.Runs(context, terminal)));
        var plots = new Option<string>("--plots") {
            Description = "Folder for plots.", HelpName = "FOLDER", DefaultValueFactory = _ => "plots" };
        var name = new Option<string>("--name") {
            Description = "Name of the comparison: its folder and its title.", HelpName = "NAME", DefaultValueFactory = _ => "comparison" };
        var command = new Command(
            "plot", "Draw a run's pictures (into EXPERIMENT/seed-SEED), or those of several runs and their comparison.") {
            runs, plots, name };
        var form = new ResultForm(hasQuiet: false);
        form.AddTo(command);
        command.SetAction(parsed =>
        {
            var output = terminal.Full(parsed.GetRequiredValue(plots));
            var title = parsed.GetRequiredValue(name);
            if (!NameRules.CanBeFolder(title))
                throw new InvalidInputException("--name", $"'{title}' cannot be a folder's name.");
            var folders = Folders(parsed.GetRequiredValue(runs), terminal);
            RunNames.RequireDistinct(folders.Select(folder => (folder.Experiment, folder.Seed)));
            var drawn = new List<string>();
            OutputFiles.Write(terminal.Shown(output), () =>
            {
                foreach (var folder in folders)
                    Add(RunPlots.Draw(folder.Root, Path.Combine(output, folder.Experiment, $"seed-{folder.Seed}")));
                if (folders.Count > 1)
                    Add(ComparisonPlots.Draw([.. folders.Select(folder => folder.Root)], Path.Combine(output, title), title));
            });
            if (form.IsJson(parsed)) ResultForm.Write(ResultForm.Texts(drawn), terminal);
            return ExitCode.Success;

            void Add(IReadOnlyList<string> files)
            {
                drawn.AddRange(files.Select(terminal.Shown));
                if (form.IsJson(parsed)) return;
                foreach (var file in files) terminal.WriteLine(SafeText.Line(terminal.Shown(file)));
            }
        });
        return command;
    }

    /// <summary>Each folder once, an experiment's folder as those of its seeds; all that are no runs are named together.</summary>
    internal static IReadOnlyList<RunFolder> Folders(IReadOnlyList<string> given, Terminal terminal)
    {
        var (found, problems) = (new List<RunFolder>(), new List<Problem>());
        foreach (var name in given)
        {
            var path = Path.TrimEndingDirectorySeparator(terminal.Full(name));
            RunFolder[] here = File.Exists(new RunFolder(path).Metrics) ? [new(path)]
                : Directory.Exists(path)
                    ? [.. In(path).OrderBy(folder => folder.Seed.Length).ThenBy(folder => folder.Seed, StringComparer.Ordinal)]
                : [];
            if (here.Length == 0)
                problems.Add(new Problem(name, Directory.Exists(path)
                    ? "is not a run folder: it has no metrics.jsonl. Name a folder such as runs/EXPERIMENT/SEED."
                    : File.Exists(path) ? "is a file; name a folder such as runs/EXPERIMENT/SEED." : "does not exist."));
            found.AddRange(here.Select(folder => new RunFolder(terminal.Shown(folder.Root))));
        }
        if (problems.Count > 0) throw new InvalidInputException(problems);
        return [.. found.DistinctBy(folder => Path.GetFullPath(folder.Root))];
    }

    /// <summary>Whether a folder is one of a run or of an experiment that has runs.</summary>
    internal static bool HasRuns(string folder) => File.Exists(new RunFolder(folder).Metrics) || In(folder).Any();

    /// <summary>The runs in an experiment's folder; a name that begins with a dot is that of one that is still being written.</summary>
    internal static IEnumerable<RunFolder> In(string experiment) => Directory.EnumerateDirectories(experiment)
        .Select(folder => new RunFolder(folder)).Where(run => File.Exists(run.Metrics) && !run.Seed.StartsWith('.'));
}
