using TextGan.Data.Teachers;

namespace TextGan.Cli.Commands;

/// <summary>Asks the person at the terminal about texts, with the progress display out of the way.</summary>
public static class PersonAtTerminal
{
    /// <summary>Who asks; null where there is no terminal to ask at, or several runs would ask at once.</summary>
    public static AskPerson? Of(Terminal terminal, ProgressDisplay display, bool isAlone) => terminal.ReadLine is { } read && isAlone
        ? (question, text) => display.Suspended(() => Ask(question, text, terminal.Output, read)) : null;

    /// <exception cref="RunFailedException">The input has ended.</exception>
    static bool? Ask(string question, TeacherText text, TextWriter output, Func<string?> read)
    {
        output.WriteLine();
        if (text.Prompt is { } prompt) output.WriteLine($"prompt: {SafeText.Line(prompt)}");
        output.WriteLine($"text:   {SafeText.Line(text.Text)}");
        while (true)
        {
            output.Write($"{SafeText.Line(question)} [y]es, [n]o, [s]kip: ");
            output.Flush();
            switch (read()?.Trim().ToLowerInvariant())
            {
                case "y" or "yes": return true;
                case "n" or "no": return false;
                case "s" or "skip": return null;
                case null:
                    throw new RunFailedException(
                        "The person at the terminal has left: the input has ended. The same command resumes the run.");
                default:
                    output.WriteLine("Answer y, n or s.");
                    break;
            }
        }
    }
}
