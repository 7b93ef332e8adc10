using System.CommandLine.Completions;

namespace TextGan.Cli.Commands;

/// <summary>
/// What a shell offers for arguments whose values depend on files. Nothing is said of what cannot be read, and no plug-in is loaded: a
/// person is still typing.
/// </summary>
public static class Completions
{
    /// <summary>A source of words, of which those that begin with what was typed are offered.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> Of(Func<CompletionContext, IEnumerable<string>> words) => context =>
    {
        try
        {
            return [.. words(context).Where(word => word.StartsWith(context.WordToComplete, StringComparison.Ordinal))
                .Select(word => new CompletionItem(word))];
        }
        catch (Exception unreadable) when (unreadable is InvalidInputException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    };

    /// <summary>Words of a list that is separated by commas: the last one is completed.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> OfList(Func<CompletionContext, IEnumerable<string>> words) =>
        Of(context =>
        {
            var typed = context.WordToComplete[..(context.WordToComplete.LastIndexOf(',') + 1)];
            return words(context).Select(word => typed + word);
        });

    /// <summary>Name and seeds of the experiments of the file that the command line names.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<int> Seeds)> Experiments(string? file, Terminal terminal)
    {
        var path = ExperimentFiles.Find(file, terminal);
        try
        {
            return [.. ExperimentFile.Read(path, new ReadingSettings
            {
                CheckFiles = false,
                // Names do not depend on paths, so that any value will do.
                EnvironmentVariable = name => terminal.Variable(name) ?? "-",
            }).Select(experiment => (experiment.Options.Name, experiment.Options.Seeds))];
        }
        catch (InvalidInputException)
        {
            return ExperimentFile.NamesIn(path); // a sweep's settings are not known then
        }
    }

    /// <summary>
    /// Run folders and experiments' folders, as they are typed: those of the folder 'runs', or of the folder that the word names.
    /// </summary>
    public static IEnumerable<string> Runs(CompletionContext context, Terminal terminal)
    {
        var word = context.WordToComplete.Replace('\\', '/');
        var typed = word[..(word.LastIndexOf('/') + 1)];
        if (typed.Length == 0) typed = "runs/";
        var folder = terminal.Full(typed);
        if (!Directory.Exists(folder)) yield break;
        foreach (var path in Directory.EnumerateDirectories(folder).Where(path => !Path.GetFileName(path).StartsWith('.'))
            .Order(StringComparer.Ordinal))
        {
            var name = typed + Path.GetFileName(path);
            if (File.Exists(new RunFolder(path).Metrics)) yield return name;
            else if (PlotCommand.In(path).Any()) yield return name + "/";
        }
    }
}
