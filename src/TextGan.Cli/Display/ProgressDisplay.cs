using TextGan.Runs.Events;

namespace TextGan.Cli.Display;

/// <summary>Shows what runs do while they do it: one after the other, or several at the same time.</summary>
public abstract class ProgressDisplay(TimeProvider clock) : IRunSink
{
    readonly List<RunState> running = [];

    /// <summary>Protects all that a display knows: events, notices and drawing may come from different threads.</summary>
    protected Lock State { get; } = new();

    /// <summary>Whether runs are made at the same time: then each line names its run.</summary>
    public bool IsOfMany { get; init; }

    /// <summary>The runs under way, in the order in which they began.</summary>
    protected IReadOnlyList<RunState> Running => running;

    /// <summary>Characters in a line.</summary>
    protected abstract int Width { get; }

    /// <summary>Runs <paramref name="work"/> on this thread with the display around it.</summary>
    public virtual T While<T>(Func<T> work) => work();

    /// <summary>Lets somebody write to the terminal and read from it while nothing is drawn.</summary>
    public virtual T Suspended<T>(Func<T> talk) => talk();

    /// <summary>A sentence from outside of the runs (Ctrl+C); may be called on any thread.</summary>
    public void Notice(string text)
    {
        lock (State) Write(null, Tone.Notice, SafeText.Line(text));
    }

    /// <summary>
    /// A last word, and the terminal left as it was found, before the process is ended in the middle of <see cref="While"/>; may be called
    /// on any thread.
    /// </summary>
    public virtual void Abandon(string text) => Notice(text);

    public void Receive(RunEvent happened)
    {
        lock (State)
        {
            if (happened is RunEvent.Started started) running.Add(new RunState(started.Run!, started.Index, started.Count, clock));
            var run = running.Find(one => one.Id == happened.Run);
            run?.Note(happened);
            Show(happened, run);
            if (happened is RunEvent.Ended && run is not null) running.Remove(run);
        }
    }

    void Show(RunEvent happened, RunState? run)
    {
        switch (happened)
        {
            case RunEvent.Started:
                Write(run, Tone.Title, run!.Title);
                break;
            case RunEvent.Said said:
                Write(run, said.IsWarning ? Tone.Warning : Tone.Remark,
                    SafeText.Line(said.IsWarning ? $"warning: {said.Text}" : said.Text));
                break;
            case RunEvent.Guarded { Event: var guard }:
                Write(run, guard.Action == "warn" ? Tone.Warning : Tone.Remark,
                    SafeText.Line($"{(guard.Action == "warn" ? "warning" : guard.Action)}: {guard.Message}"));
                break;
            case RunEvent.Stepped when run is { Phases.Count: > 0 }:
                Stepped(run);
                break;
            case RunEvent.Evaluated { Found: var found } evaluated when run is not null:
                Write(run, Tone.Plain, run.Evaluations.Due(RunLines.Evaluation(evaluated.Phase, evaluated.Step, found.Values,
                    [.. found.Texts.Take(RunLines.ShownSamples).Select(
                        text => text.Prompt is null ? text.Text : $"{text.Prompt} → {text.Text.TrimStart()}")], Width)));
                break;
            case RunEvent.PhaseEnded when run is { Phases.Count: > 0 }:
                Write(run, Tone.Plain, RunLines.PhaseEnd(run.Phases[^1]));
                break;
            case RunEvent.Ended ended:
                if (run is not null) Write(run, Tone.Plain, run.Evaluations.Rest());
                Ended(run, ended);
                break;
        }
    }

    void Ended(RunState? run, RunEvent.Ended ended)
    {
        var (name, outcome) = (ended.Run!.ToString(), ended.Message ?? ended.Outcome);
        Write(run, ended.Outcome switch { "finished" => Tone.Good, "stopped" => Tone.Stopped, _ => Tone.Bad },
            RunLines.RunEnd(name, outcome, ended.Folder, run?.Elapsed ?? TimeSpan.Zero));
        if (RunLines.Failure(name, outcome) is { } failure) Failed(failure);
    }

    /// <summary>What a line begins with, where runs are trained at the same time: the run's name, unless the line has it.</summary>
    protected string Prefix(RunState? run, Tone tone) =>
        IsOfMany && run is not null && tone is (Tone.Remark or Tone.Plain or Tone.Warning) ? $"{run.Name}: " : "";

    /// <summary>Lines that stay; none where there are none.</summary>
    protected abstract void Write(RunState? run, Tone tone, params IReadOnlyList<string> lines);

    /// <summary>A step of the run's last phase is done.</summary>
    protected virtual void Stepped(RunState run)
    {
    }

    /// <summary>Why a run failed.</summary>
    protected abstract void Failed(string text);

    /// <summary>What kind of line it is.</summary>
    protected enum Tone
    {
        Title,
        Remark,
        Plain,
        Warning,
        Notice,
        Good,
        Stopped,
        Bad,
    }
}
