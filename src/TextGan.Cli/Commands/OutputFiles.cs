using TextGan.Storage;

namespace TextGan.Cli.Commands;

/// <summary>Files that a command was asked for.</summary>
public static class OutputFiles
{
    /// <param name="place">The option or the file that a message names.</param>
    /// <param name="write">Writes them.</param>
    /// <param name="subject">What cannot be written, where the place does not say it.</param>
    /// <exception cref="InvalidInputException">They cannot be written.</exception>
    public static void Write(string place, Action write, string subject = "")
    {
        try
        {
            write();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(place, $"{subject} cannot be written: {refused.Message}".TrimStart());
        }
    }

    /// <summary>Writes the complete file or none: what comes last may be invalid.</summary>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    /// <exception cref="StoppedException">A signal ended it between two lines.</exception>
    public static void WriteLines(string place, string path, IEnumerable<string> lines)
    {
        using var signals = new StopSignals(_ => { }, _ => { });
        Write(place, () => AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            foreach (var line in lines)
            {
                if (signals.ExitCode is { } code) throw new StoppedException(code);
                writer.WriteLine(line);
            }
        }), $"'{path}'");
    }

    /// <summary>The full path of a file to write; null where none is asked for.</summary>
    /// <exception cref="InvalidInputException">It names no file: found before anything is computed for it.</exception>
    public static string? Path(string option, string? path, Terminal terminal)
    {
        if (path is null) return null;
        if (string.IsNullOrWhiteSpace(path)) throw new InvalidInputException(option, "the name of the file is empty.");
        var full = terminal.Full(path);
        return Directory.Exists(full) ? throw new InvalidInputException(option, $"'{path}' is a folder; name a file.") : full;
    }
}
