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
}
