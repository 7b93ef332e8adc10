using Spectre.Console;

namespace TextGan.Cli;

/// <summary>What a command writes to and finds around it; tests give their own.</summary>
public sealed record Terminal(TextWriter Output, TextWriter Error, TimeProvider Clock, string CurrentFolder)
{
    /// <summary>Where a live display is drawn; null where output is not a terminal that could show one.</summary>
    public IAnsiConsole? Live { get; init; }

    /// <summary>Value of an environment variable.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Opens what is piped into the command.</summary>
    public Func<Stream> Input { get; init; } = Console.OpenStandardInput;

    /// <summary>Reads what a person types; null where input and output are not a terminal.</summary>
    public Func<string?>? ReadLine { get; init; }

    /// <summary>Characters in a line of <see cref="Output"/>.</summary>
    public int Width => Live?.Profile.Width ?? 120;

    /// <summary>Whether <see cref="Error"/> is shown on the same terminal as <see cref="Live"/>.</summary>
    public bool ShowsErrors { get; init; }

    /// <summary>
    /// Writes safe text for a person: on a terminal lines that are too long are broken at spaces, elsewhere they stay as they are, as
    /// programs read them.
    /// </summary>
    public void WriteLine(string text) => Write(Output, text, Live is not null);

    /// <summary>The same to standard error.</summary>
    public void WriteError(string text) => Write(Error, text, Live is not null && ShowsErrors);

    void Write(TextWriter writer, string text, bool isShown)
    {
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (!isShown || line.GetCellWidth() <= Width) writer.WriteLine(line);
            else foreach (var part in Wrapped.Lines(line, Width, line[..^line.TrimStart().Length])) writer.WriteLine(part);
        }
    }

    /// <summary>The process's own.</summary>
    public static Terminal Standard()
    {
        var drawable = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities is { Ansi: true, Interactive: true };
        return new(Console.Out, Console.Error, TimeProvider.System, Environment.CurrentDirectory) 
        {
            Live = drawable ? AnsiConsole.Console : null,
            ShowsErrors = drawable && !Console.IsErrorRedirected,
            ReadLine = drawable && !Console.IsInputRedirected ? Console.ReadLine : null,
        };
    }

    /// <summary>A path that a user gave, as a full path.</summary>
    /// <exception cref="InvalidInputException">It is not a path.</exception>
    public string Full(string path)
    {
        if (path.Length == 0 || path.Contains('\0'))
            throw new InvalidInputException("arguments", $"'{path}' is not a path of a file or folder.");
        return Path.GetFullPath(path, CurrentFolder);
    }

    /// <summary>A full path as it is shown: relative to the process's folder where it lies below it.</summary>
    public string Shown(string path)
    {
        // Texts that name a path must stay usable as paths, so this is right only where both folders are the same.
        if (CurrentFolder != Environment.CurrentDirectory) return path;
        var relative = Path.GetRelativePath(CurrentFolder, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
