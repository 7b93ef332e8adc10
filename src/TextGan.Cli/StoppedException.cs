namespace TextGan.Cli;

/// <summary>A signal stopped a command, which leaves nothing half-written.</summary>
/// <param name="exitCode">What the process ends with.</param>
public sealed class StoppedException(int exitCode) : Exception("stopped by a signal")
{
    public int ExitCode => exitCode;
}
