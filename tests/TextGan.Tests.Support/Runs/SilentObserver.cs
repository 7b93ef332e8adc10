using TextGan.Runs.Events;

namespace TextGan.Tests.Runs;

/// <summary>Keeps what it hears.</summary>
sealed class SilentObserver : IRunSink
{
    public List<RunEvent> Events { get; } = [];
    public List<string> Messages { get; } = [];
    public Action<Phase, long>? OnStep { get; init; }
    public long Tokens { get; private set; }

    public void Receive(RunEvent happened)
    {
        if (happened is RunEvent.Stepped step)
        {
            Tokens += step.Tokens;
            OnStep?.Invoke(step.Phase, step.Step);
            return; // thousands
        }
        Events.Add(happened);
        if (Sentence(happened) is { } message) Messages.Add(message);
    }

    static string? Sentence(RunEvent happened) => happened switch
    {
        RunEvent.Started started => started.Run!.ToString(),
        RunEvent.Said said => said.IsWarning ? $"warning: {said.Text}" : said.Text,
        RunEvent.PhaseStarted started => $"{started.Phase}: {started.Steps}",
        RunEvent.Evaluated evaluated => $"{evaluated.Phase} {evaluated.Step}",
        RunEvent.Guarded { Event: var guard } => guard.Action == "warn" ? $"warning: {guard.Message}" : $"{guard.Action}: {guard.Message}",
        RunEvent.PhaseEnded ended => $"{ended.Phase} ended",
        RunEvent.Ended ended => ended.Message ?? ended.Outcome,
        _ => null,
    };
}
