namespace TextGan.Cli;

/// <summary>A signal stopped a command, which has undone what it had begun.</summary>
/// <param name="exitCode">What the process ends with.</param>
public sealed class StoppedException(int exitCode) : Exception("stopped by a signal")
{
    public int ExitCode => exitCode;
}
