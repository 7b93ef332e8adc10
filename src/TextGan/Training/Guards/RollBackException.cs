using TextGan.Runs.Recording;

namespace TextGan.Training.Guards;

/// <summary>
/// Leaves the step in which a guard found something that is to be rolled back; the trainer catches it and resumes from a checkpoint.
/// </summary>
public sealed class RollBackException(GuardFinding finding) : Exception(finding.Message)
{
    public GuardFinding Finding { get; } = finding;
}
