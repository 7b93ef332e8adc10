namespace TextGan.Training;

/// <summary>The phases of a run.</summary>
public enum Phase
{
    /// <summary>Maximum-likelihood training of the generator.</summary>
    Pretraining,

    /// <summary>The discriminators' updates before the first adversarial iteration.</summary>
    DiscriminatorPretraining,

    /// <summary>Adversarial iterations.</summary>
    Adversarial,
}

/// <summary>Hears what a run does; called on the thread that trains, so it must return at once.</summary>
public interface IRunObserver
{
    /// <summary>A run begins. <paramref name="run"/> is "experiment, seed 1"; index counts from 1.</summary>
    void RunStarted(string run, int index, int count);

    /// <summary>A sentence worth a line: data loaded, checkpoint written, pretraining reused.</summary>
    void Message(string text);

    /// <summary>A sentence that should not be overlooked: figures may mean less than they seem to.</summary>
    void Warning(string text) => Message($"warning: {text}");

    /// <summary>A phase of <paramref name="steps"/> steps begins (at <paramref name="done"/>, where it was resumed).</summary>
    void PhaseStarted(Phase phase, long steps, long done);

    /// <summary>One step is done. Values are those of metrics.jsonl, by name; tokens is the number of tokens the step processed.</summary>
    void Stepped(Phase phase, long step, long tokens, IReadOnlyDictionary<string, double> values);

    /// <summary>An evaluation is done: metric name → value, and a few sample texts.</summary>
    void Evaluated(Phase phase, long step, IReadOnlyDictionary<string, double> metrics, IReadOnlyList<string> samples);

    /// <summary>The phase ended (perhaps early).</summary>
    void PhaseEnded(Phase phase);

    /// <summary>The run ended: "finished", "stopped" (Ctrl+C), or the message of what failed.</summary>
    void RunEnded(string run, string outcome, string folder);
}
