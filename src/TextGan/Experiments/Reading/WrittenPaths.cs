using System.Text.RegularExpressions;

namespace TextGan.Experiments.Reading;

/// <summary>
/// The paths of an experiment that have environment variables in them. They are opened by their values, and messages show them as
/// they were written: what a variable holds is nobody else's business.
/// </summary>
public sealed class WrittenPaths
{
    readonly ReadingSettings settings;
    readonly Dictionary<string, string> written = [];
    readonly Dictionary<string, string> unread = [];

    internal WrittenPaths(ReadingSettings settings) => this.settings = settings;

    /// <summary>Notes every text of the tree that has a variable.</summary>
    internal void AddAll(JsonTree tree, string folder)
    {
        foreach (var part in tree.Items.Concat(tree.Members.Select(member => member.Value))) AddAll(part, folder);
        if (tree.Written.Contains("${", StringComparison.Ordinal)) Add(tree.Written, folder);
    }

    /// <summary>Notes a path, and the folders above it that have a variable as well.</summary>
    internal void Add(string path, string folder)
    {
        foreach (var (reference, reason) in EnvironmentVariables.Unread(path, settings)) unread[reference] = reason;
        for (var end = path.Length; end > 0; end = path.LastIndexOfAny(['/', '\\'], end - 1))
        {
            var part = path[..end];
            var expanded = EnvironmentVariables.Expand(part, settings);
            var isCut = part.LastIndexOf("${", StringComparison.Ordinal) > part.LastIndexOf('}'); // at a separator in a default
            if (expanded == part || isCut || expanded.Contains('\0')) continue;
            var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(folder, expanded)));
            if (full.Length > 1) written.TryAdd(full, part);
        }
    }

    /// <summary>The text with these paths as they were written.</summary>
    public string Show(string text)
    {
        if (written.Count == 0) return text;
        var longestFirst = written.Keys.OrderByDescending(full => full.Length).Select(Regex.Escape);
        return Regex.Replace(text, $@"(?<!\w)({string.Join('|', longestFirst)})(?![\w-]|\.\w)", match => written[match.Value]);
    }

    /// <summary>Does the work; what it throws shows these paths as they were written, and says which variable was missing.</summary>
    public T Watch<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (InvalidInputException bad) when (written.Count + unread.Count > 0)
        {
            throw new InvalidInputException([.. bad.Problems.Select(Show)]);
        }
        catch (RunFailedException failed) when (written.Count > 0)
        {
            throw new RunFailedException(Show(failed.Message), failed);
        }
    }

    /// <inheritdoc cref="Watch{T}(Func{T})"/>
    public void Watch(Action work) => Watch(() =>
    {
        work();
        return true;
    });

    Problem Show(Problem problem)
    {
        var reasons = unread.Where(pair => problem.ToString().Contains(pair.Key, StringComparison.Ordinal)).Select(pair => pair.Value);
        // each begins with "the"
        return new(Show(problem.Place), string.Join(' ', reasons.Select(reason => "T" + reason[1..]).Prepend(Show(problem.Message))));
    }
}
