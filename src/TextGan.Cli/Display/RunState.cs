using TextGan.Runs.Events;

namespace TextGan.Cli.Display;

/// <summary>A run under way, as displays know it.</summary>
public sealed class RunState(RunId id, int index, int count, TimeProvider clock)
{
    readonly long began = clock.GetTimestamp();

    public RunId Id { get; } = id;

    /// <summary>"grammar-ml/1".</summary>
    public string Name { get; } = SafeText.Line(id.Path);

    /// <summary>"grammar-ml, seed 1 (run 2 of 5)".</summary>
    public string Title { get; } = RunLines.Run(id.ToString(), index, count);

    public TimeSpan Elapsed => clock.GetElapsedTime(began);

    /// <summary>Its phases so far; the last one is the one at work.</summary>
    public List<PhaseProgress> Phases { get; } = [];

    public EvaluationPace Evaluations { get; } = new(clock);

    /// <summary>Notes what concerns its phases.</summary>
    public void Note(RunEvent happened)
    {
        switch (happened)
        {
            case RunEvent.PhaseStarted started:
                Phases.Add(new PhaseProgress(started.Phase, started.Steps, started.Done, clock));
                break;
            case RunEvent.Stepped step when Phases.Count > 0:
                Phases[^1].Step(step.Step, step.Tokens, step.Values);
                break;
            case RunEvent.PhaseEnded when Phases.Count > 0:
                Phases[^1].End();
                break;
        }
    }
}
