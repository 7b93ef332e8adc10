namespace TextGan.Cli;

/// <summary>What the process ends with.</summary>
public static class ExitCode
{
    /// <summary>Everything asked for was done.</summary>
    public const int Success = 0;

    /// <summary>A run failed, or something unexpected happened.</summary>
    public const int Failure = 1;

    /// <summary>What was given cannot be used: arguments, an experiment file, data.</summary>
    public const int BadInput = 2;

    /// <summary>Ctrl+C stopped a run: 128 and the number of SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;

    /// <summary>SIGTERM stopped a run: 128 and its number.</summary>
    public const int Terminated = 143;
}
