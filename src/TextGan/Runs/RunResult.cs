using TextGan.Runs.Format;

namespace TextGan.Runs;

/// <summary>How a run ended.</summary>
/// <param name="Name">The experiment.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Outcome">"finished", "stopped" or "failed".</param>
/// <param name="Message">What failed, in a sentence; null otherwise.</param>
/// <param name="Folder">The run folder.</param>
/// <param name="FinalMetrics">The last evaluation: metric name → value.</param>
public sealed record RunResult(
    string Name, int Seed, string Outcome, string? Message, string Folder, IReadOnlyDictionary<string, double> FinalMetrics)
{
    /// <summary>A run that failed.</summary>
    public static RunResult Failed(RunId run, string folder, Exception failure) =>
        new(run.Experiment, run.Seed, "failed", failure.Message, folder, new Dictionary<string, double>())
        {
            Refused = (failure as InvalidInputException)?.Problems,
        };

    /// <summary>A run that was stopped before it began.</summary>
    public static RunResult Stopped(RunId run, string folder) =>
        new(run.Experiment, run.Seed, "stopped", null, folder, new Dictionary<string, double>());

    /// <summary>The number of samples that a metric's value rests on, by name; metrics that rest on none are left out.</summary>
    public IReadOnlyDictionary<string, int> Samples { get; init; } = new Dictionary<string, int>();

    /// <summary>Why a metric's value is NaN, by name.</summary>
    public IReadOnlyDictionary<string, string> Missing { get; init; } = new Dictionary<string, string>();

    /// <summary>What of its input cannot be used, where that is why it failed; null otherwise.</summary>
    public IReadOnlyList<Problem>? Refused { get; init; }

    /// <summary>Whether an earlier command had finished it already.</summary>
    public bool IsEarlier { get; init; }
}
