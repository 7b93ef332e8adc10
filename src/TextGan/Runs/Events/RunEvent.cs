using TextGan.Runs.Format;

namespace TextGan.Runs.Events;

/// <summary>
/// What happens to the runs of a command. Each run's events come in order, from <see cref="Started"/> to <see cref="Ended"/>; those of runs
/// that are trained at the same time may alternate. After <see cref="Rewound"/> all that was told of later steps is replaced. One process
/// tells them to another as JSON.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Started), "started")]
[JsonDerivedType(typeof(Said), "said")]
[JsonDerivedType(typeof(PhaseStarted), "phaseStarted")]
[JsonDerivedType(typeof(Stepped), "stepped")]
[JsonDerivedType(typeof(Evaluated), "evaluated")]
[JsonDerivedType(typeof(SamplesWritten), "samplesWritten")]
[JsonDerivedType(typeof(CheckpointSaved), "checkpointSaved")]
[JsonDerivedType(typeof(Guarded), "guarded")]
[JsonDerivedType(typeof(Rewound), "rewound")]
[JsonDerivedType(typeof(PhaseEnded), "phaseEnded")]
[JsonDerivedType(typeof(Ended), "ended")]
[JsonDerivedType(typeof(AllEnded), "allEnded")]
public abstract record RunEvent
{
    private RunEvent() { }

    /// <summary>The run that it concerns; null where it concerns the command.</summary>
    public RunId? Run { get; init; }

    /// <summary>A run begins, or is taken up again.</summary>
    /// <param name="Standing">How far an earlier command came with it.</param>
    /// <param name="Index">Its number among the command's runs, from 1.</param>
    /// <param name="Count">How many runs the command has.</param>
    public sealed record Started(RunStanding Standing, int Index, int Count) : RunEvent;

    /// <summary>A sentence worth a line: data loaded, pretraining reused.</summary>
    public sealed record Said(string Text) : RunEvent
    {
        /// <summary>Whether it should not be overlooked.</summary>
        public bool IsWarning { get; init; }
    }

    /// <summary>A phase of <paramref name="Steps"/> steps begins (at <paramref name="Done"/>, where it was resumed).</summary>
    public sealed record PhaseStarted(Phase Phase, long Steps, long Done) : RunEvent;

    /// <summary>One step is done.</summary>
    /// <param name="Phase">The phase.</param>
    /// <param name="Step">Its number, from 1.</param>
    /// <param name="Tokens">The number of tokens that it processed.</param>
    /// <param name="Values">Value by name, as in metrics.jsonl (<see cref="MetricLine"/>).</param>
    /// <param name="IsLogged">Whether metrics.jsonl has a line for it.</param>
    public sealed record Stepped(Phase Phase, long Step, long Tokens, IReadOnlyDictionary<string, double> Values, bool IsLogged) : RunEvent;

    /// <summary>An evaluation is done.</summary>
    public sealed record Evaluated(Phase Phase, long Step, Evaluation Found) : RunEvent;

    /// <summary>The samples of an evaluation are in a file of <see cref="SampleLine"/>s.</summary>
    public sealed record SamplesWritten(Phase Phase, long Step, string File) : RunEvent;

    /// <summary>A checkpoint is on the disk.</summary>
    /// <param name="Phase">The phase.</param>
    /// <param name="Step">Its steps that were done.</param>
    /// <param name="File">The file of its tensors.</param>
    /// <param name="IsInterim">Whether it was written because the run is being stopped, and goes with the next one.</param>
    public sealed record CheckpointSaved(Phase Phase, long Step, string File, bool IsInterim) : RunEvent;

    /// <summary>A guard found something; values are those that gave it away, or none.</summary>
    public sealed record Guarded(Phase Phase, long Step, GuardEvent Event, IReadOnlyDictionary<string, double> Values) : RunEvent;

    /// <summary>The run is at an earlier step again.</summary>
    /// <param name="Phase">The phase of the checkpoint.</param>
    /// <param name="Step">Its steps that were done then.</param>
    /// <param name="IsResume">
    /// Whether a command takes the run up there, and metrics.jsonl was cut back to what it was then; otherwise a guard rolled it back, and
    /// the log keeps its lines.
    /// </param>
    public sealed record Rewound(Phase Phase, long Step, bool IsResume) : RunEvent;

    /// <summary>The phase ended (perhaps early), or is left for an earlier step.</summary>
    public sealed record PhaseEnded(Phase Phase) : RunEvent;

    /// <summary>The run ended.</summary>
    /// <param name="Outcome">"finished", "stopped" or "failed".</param>
    /// <param name="Message">What failed; null otherwise.</param>
    /// <param name="Folder">Its folder.</param>
    /// <param name="IsEarlier">Whether an earlier command had finished it already.</param>
    public sealed record Ended(string Outcome, string? Message, string Folder, bool IsEarlier) : RunEvent;

    /// <summary>All runs of the command ended.</summary>
    /// <param name="Folders">The folders of those that can be compared: that did not fail, and where the command has one run of a file,
    /// those of the others as far as they are.</param>
    public sealed record AllEnded(IReadOnlyList<string> Folders) : RunEvent;
}
