using TextGan.Problems;

namespace TextGan.Experiments.Running;

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
    /// <summary>What of its input cannot be used, where that is why it failed; null otherwise.</summary>
    public IReadOnlyList<Problem>? Refused { get; init; }

    /// <summary>Whether an earlier command had finished it already.</summary>
    public bool IsEarlier { get; init; }
}
