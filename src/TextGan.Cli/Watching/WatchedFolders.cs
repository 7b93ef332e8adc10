using TextGan.Cli.Commands;

namespace TextGan.Cli.Watching;

/// <summary>Folders in which runs are looked for again and again.</summary>
/// <param name="given">Run folders, experiments' folders or the folder of all runs, as a user named them.</param>
/// <param name="terminal">Where they were named.</param>
public sealed class WatchedFolders(IReadOnlyList<string> given, Terminal terminal)
{
    /// <summary>The run folders that are there now; there may be none yet.</summary>
    /// <exception cref="InvalidInputException">A folder that was named is not there.</exception>
    public IReadOnlyList<string> Runs()
    {
        Problem[] problems = [.. given.Where(name => !Directory.Exists(terminal.Full(name))).Select(name => new Problem(name,
            File.Exists(terminal.Full(name)) ? "is a file; name a folder of runs." : "does not exist; name a folder of runs."))];
        if (problems.Length > 0) throw new InvalidInputException(problems);
        string[] withRuns = [.. given.SelectMany(name => FrontCommand.Experiments(name, terminal))
            .Where(name => PlotCommand.HasRuns(terminal.Full(name)))];
        return [.. PlotCommand.Folders(withRuns, terminal).Select(folder => folder.Root)];
    }
}
