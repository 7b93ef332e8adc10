using TextGan.Data.Teachers;
using TextGan.Runs.Format;

namespace TextGan.Runs;

/// <summary>Where a runner puts what it makes, and whether it resumes what is there.</summary>
public sealed record RunnerOptions
{
    /// <summary>Folder of run folders. Default "runs" in the current folder.</summary>
    public string RunsFolder { get; init; } = "runs";

    /// <summary>Starts every run over: what earlier commands finished or began is deleted. Default false.</summary>
    public bool Restart { get; init; }

    /// <summary>
    /// Makes this run of the experiments alone, while other processes may make the others; null (default) makes all of them.
    /// </summary>
    public RunId? Only { get; init; }

    /// <summary>
    /// The <see cref="RunFingerprint.Key"/> that the run's experiment must have, because another process has read it already; null
    /// (default) where none has.
    /// </summary>
    public string? Configuration { get; init; }

    /// <summary>
    /// The command that was given, as a person would repeat it, for environment.json and documents; null (default) where none was. Like
    /// config.json it may be shown to anybody: components take secrets from environment variables.
    /// </summary>
    public string? Command { get; init; }

    /// <summary>Asks the person at the terminal; null (default) where there is nobody.</summary>
    public AskPerson? Ask { get; init; }
}
