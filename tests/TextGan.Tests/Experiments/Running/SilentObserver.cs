using TextGan.Training;

namespace TextGan.Tests.Experiments.Running;

/// <summary>Keeps what it hears.</summary>
sealed class SilentObserver : IRunObserver
{
    public List<string> Messages { get; } = [];
    public Action<Phase, long>? OnStep { get; init; }
    public long Tokens { get; private set; }

    public void RunStarted(string run, int index, int count) => Messages.Add(run);
    public void Message(string text) => Messages.Add(text);
    public void PhaseStarted(Phase phase, long steps, long done) => Messages.Add($"{phase}: {steps}");
    public void Stepped(Phase phase, long step, long tokens, IReadOnlyDictionary<string, double> values)
    {
        Tokens += tokens;
        OnStep?.Invoke(phase, step);
    }
    public void Evaluated(Phase phase, long step, IReadOnlyDictionary<string, double> metrics, IReadOnlyList<string> samples) => Messages.Add($"{phase} {step}");
    public void PhaseEnded(Phase phase) => Messages.Add($"{phase} ended");
    public void RunEnded(string run, string outcome, string folder) => Messages.Add(outcome);
}
