using TextGan.Runs.Events;

namespace TextGan.Cli.Display;

/// <summary>Shows what runs do while they do it.</summary>
public abstract class ProgressDisplay : IRunSink
{
    /// <summary>Runs <paramref name="work"/> on this thread with the display around it.</summary>
    public virtual T While<T>(Func<T> work) => work();

    /// <summary>A sentence from outside of the runs (Ctrl+C); may be called on any thread.</summary>
    public abstract void Notice(string text);

    /// <summary>
    /// A last word, and the terminal left as it was found, before the process is ended in the middle of <see cref="While"/>; may be called
    /// on any thread.
    /// </summary>
    public virtual void Abandon(string text) => Notice(text);

    public void Receive(RunEvent happened)
    {
        switch (happened)
        {
            case RunEvent.Started started:
                RunStarted(started.Run.ToString(), started.Index, started.Count);
                break;
            case RunEvent.Said { IsWarning: true } said:
                Warning(said.Text);
                break;
            case RunEvent.Said said:
                Message(said.Text);
                break;
            case RunEvent.PhaseStarted started:
                PhaseStarted(started.Phase, started.Steps, started.Done);
                break;
            case RunEvent.Stepped step:
                Stepped(step.Phase, step.Step, step.Tokens, step.Values);
                break;
            case RunEvent.Evaluated { Found: var found } evaluated:
                Evaluated(evaluated.Phase, evaluated.Step, found.Values,
                    [.. found.Texts.Take(RunLines.ShownSamples)
                        .Select(text => text.Prompt is null ? text.Text : $"{text.Prompt} → {text.Text.TrimStart()}")]);
                break;
            case RunEvent.Guarded { Event: { Action: "warn" } guard }:
                Warning(guard.Message);
                break;
            case RunEvent.Guarded { Event: var guard }:
                Message($"{guard.Action}: {guard.Message}");
                break;
            case RunEvent.PhaseEnded ended:
                PhaseEnded(ended.Phase);
                break;
            case RunEvent.Ended ended:
                RunEnded(ended.Run.ToString(), ended.Message ?? ended.Outcome, ended.Folder);
                break;
        }
    }

    public virtual void RunStarted(string run, int index, int count) { }
    public virtual void Message(string text) { }
    public virtual void Warning(string text) => Message($"warning: {text}");
    public virtual void PhaseStarted(Phase phase, long steps, long done) { }
    public virtual void Stepped(Phase phase, long step, long tokens, IReadOnlyDictionary<string, double> values) { }
    public virtual void Evaluated(Phase phase, long step, IReadOnlyDictionary<string, double> metrics, IReadOnlyList<string> samples) { }
    public virtual void PhaseEnded(Phase phase) { }
    public virtual void RunEnded(string run, string outcome, string folder) { }
}
