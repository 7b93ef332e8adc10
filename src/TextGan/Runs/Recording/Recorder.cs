using TextGan.Runs.Events;
using TextGan.Runs.Format;

namespace TextGan.Runs.Recording;

/// <summary>Everything that leaves a training loop: events, told to the log first and then to the sink; samples; checkpoints.</summary>
public sealed class Recorder(
    string samplesFolder, string checkpointsFolder, int keepCheckpoints, MetricLog log, IRunSink sink, BestCheckpoint? best = null)
{
    readonly HashSet<string> missing = []; // figures of the last evaluation that have no value

    public MetricLog Log { get; } = log;

    public IRunSink Sink { get; } = sink;

    /// <summary>Says whose work a value is where that is worth telling (a plug-in's); null otherwise.</summary>
    public Func<string, string?> Origin { get; init; } = _ => null;

    /// <summary>"the last good checkpoint is FILE", for messages.</summary>
    public string LastGood => LastGoodIn(checkpointsFolder);

    /// <inheritdoc cref="LastGood"/>
    public static string LastGoodIn(string checkpointsFolder) => Checkpoint.In(checkpointsFolder) is [.., var last]
        ? $"the last good checkpoint is {last.TensorFile}" : "there is no checkpoint before it";

    /// <summary>The name of the event that tells of unknown tokens in samples.</summary>
    const string UnknownGuard = "unknownTokens";

    Phase? open;
    bool toldOfUnknown; // once a run is enough

    /// <summary>Tells that a phase begins or resumes.</summary>
    public void PhaseStarted(Phase phase, long steps, long done)
    {
        open = phase;
        Tell(new RunEvent.PhaseStarted(phase, steps, done));
    }

    /// <summary>Tells that the phase that is under way, if any, has ended or is left.</summary>
    public void PhaseEnded()
    {
        if (open is not { } phase) return;
        open = null;
        Tell(new RunEvent.PhaseEnded(phase));
    }

    /// <summary>Tells of a step, and writes a line of it where <paramref name="logged"/>.</summary>
    public void Stepped(Phase phase, long step, long tokens, IReadOnlyDictionary<string, double> values, bool logged) =>
        Tell(new RunEvent.Stepped(phase, step, tokens, values, logged));

    /// <summary>Tells that the run is at a checkpoint again (<see cref="RunEvent.Rewound"/>).</summary>
    public void Rewound(Checkpoint checkpoint, bool isResume) =>
        Tell(new RunEvent.Rewound(PhaseNames.Parse(checkpoint.Phase)!.Value, checkpoint.Step, isResume));

    /// <summary>Writes the figures and the samples of an evaluation.</summary>
    public void Evaluated(Phase phase, long step, Evaluation found)
    {
        foreach (var group in found.Missing.Where(pair => !missing.Contains(pair.Key)).GroupBy(pair => pair.Value))
            Sink.Say($"no value for {string.Join(", ", group.Select(pair => pair.Key))}: {group.Key}");
        missing.Clear();
        missing.UnionWith(found.Missing.Keys);
        Tell(new RunEvent.Evaluated(phase, step, found));
        var file = Path.Combine(samplesFolder, RunFolder.NameOfSamples(phase.NameOf(), step));
        AtomicFile.WriteText(file, string.Concat(found.Texts.Select(text => text.ToJson() + "\n")));
        Tell(new RunEvent.SamplesWritten(phase, step, file));
        best?.Evaluated(phase, step, found.Values);
        if (!toldOfUnknown && found.Values.TryGetValue(UnknownTokens.Metric, out var unknown) && unknown >= UnknownTokens.WarnFrom)
        {
            var message = $"{unknown * 100:0.0}% of the tokens of the samples are unknown at {phase.NameOf()} step {step}; BLEU, " +
                "self-BLEU and NLL count them like words.";
            Event(new GuardFinding(UnknownGuard, phase, step, step, null, message), "warn", message);
            toldOfUnknown = true;
        }
    }

    void Tell(RunEvent happened)
    {
        Log.Receive(happened);
        Sink.Receive(happened);
    }

    /// <summary>Takes over the lines of a pretraining that is shared.</summary>
    public void TakeLines(IEnumerable<MetricLine> lines)
    {
        foreach (var line in lines)
        {
            Log.Write(line);
            toldOfUnknown |= line.Event?.Guard == UnknownGuard;
        }
    }

    /// <summary>Tells what a guard found.</summary>
    public void Event(GuardFinding finding, string action, string message, IReadOnlyDictionary<string, double>? values = null) =>
        Tell(new RunEvent.Guarded(finding.Phase, finding.Step, new GuardEvent(finding.Guard, action, message), values
            ?? new Dictionary<string, double>()));

    /// <summary>Writes a checkpoint and removes those that are not to be kept.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="step">Its steps that were done.</param>
    /// <param name="save">Puts the state into the bag.</param>
    /// <param name="interim">Written because the run is being stopped, where an uninterrupted run writes none: gone with the next
    /// one.</param>
    public void Save(Phase phase, long step, Action<StateBag> save, bool interim = false)
    {
        var (bag, checkpoint) = (new StateBag(), new Checkpoint(checkpointsFolder, phase.NameOf(), step));
        try
        {
            save(bag);
            Log.Save(bag.Scope("log"));
            best?.Save(bag.Scope("best"));
            if (toldOfUnknown) bag.Put(UnknownGuard, 1);
            checkpoint.Write(bag, interim);
        }
        finally
        {
            bag.Clear();
        }
        Tell(new RunEvent.CheckpointSaved(phase, step, checkpoint.TensorFile, interim));
        DeleteSurplus();
    }

    /// <summary>Takes back from a checkpoint what the recorder itself put there: the log ends where the checkpoint saw its end.</summary>
    public void Load(StateBag bag)
    {
        best?.Load(bag.Scope("best"));
        Log.Load(bag.Scope("log"));
        toldOfUnknown = bag.Has(UnknownGuard);
    }

    /// <summary>Whether there is a checkpoint of this step that an uninterrupted run writes, too.</summary>
    public bool HasCheckpoint(Phase phase, long step) =>
        Checkpoint.In(checkpointsFolder).Any(c => c.Phase == phase.NameOf() && c.Step == step && !c.IsInterim);

    void DeleteSurplus()
    {
        var all = Checkpoint.In(checkpointsFolder);
        Checkpoint[] regular = [.. all.Where(c => !c.IsInterim)];
        var kept = regular.TakeLast(keepCheckpoints).ToHashSet();
        kept.Add(all[^1]);
        // Where the adversarial phase began: a run can go back to it, and others can start from it.
        if (regular.LastOrDefault(c => c.Phase == Phase.Pretraining.NameOf()) is { } pretrained) kept.Add(pretrained);
        foreach (var checkpoint in all)
            if (!kept.Contains(checkpoint) && checkpoint.Name != best?.Name) checkpoint.Delete();
    }

    /// <summary>
    /// Takes back the newest good checkpoint from before a finding, of the phases that its trainer has, and deletes the later
    /// ones. The log keeps its lines.
    /// </summary>
    /// <param name="finding">What was found.</param>
    /// <param name="tried">The checkpoint of the last roll-back: if nothing came of it since, the one before it is better.</param>
    /// <param name="load">Takes back the state.</param>
    public Checkpoint GoBack(GuardFinding finding, string tried, Action<StateBag> load)
    {
        var own = Checkpoint.In(checkpointsFolder)
            .Where(c => (c.Phase == Phase.Pretraining.NameOf()) == (finding.Phase == Phase.Pretraining) && !c.IsInterim).ToList();
        // None may be as old as the trouble: then the oldest has the least of it.
        var before = own.Where(c => c.Phase != finding.Phase.NameOf() || c.Step <= finding.Since).Reverse().Concat(own.Take(1)).Distinct()
            .ToList();
        if (before.Count > 1 && before[0].Name == tried) before.RemoveAt(0);
        foreach (var checkpoint in before)
        {
            if (!TryLoad(checkpoint, bag =>
            {
                best?.Load(bag.Scope("best"));
                load(bag);
            })) continue;
            DeleteAfter(checkpoint);
            return checkpoint;
        }
        var message = $"{finding.Message} at {finding.Phase.NameOf()} step {finding.Step}; there is no checkpoint to roll back to.";
        Event(finding, "stop", message);
        throw new RunFailedException(message);
    }

    /// <summary>What reading a checkpoint throws if it is damaged or does not fit.</summary>
    public static bool IsDamage(Exception thrown) => thrown is InvalidInputException or InvalidDataException or KeyNotFoundException
        or EndOfStreamException or System.Text.Json.JsonException;

    /// <summary>Reads a checkpoint; false, and word of it and of what happens instead, where it is damaged or does not fit.</summary>
    public bool TryLoad(Checkpoint checkpoint, Action<StateBag> load, string instead = "the one before it is")
    {
        StateBag? bag = null;
        try
        {
            bag = checkpoint.Read();
            load(bag);
            return true;
        }
        catch (Exception damage) when (IsDamage(damage))
        {
            var named = damage is InvalidInputException ? damage.Message : $"{checkpoint.TensorFile}: {damage.Message}";
            Sink.Say($"checkpoint {checkpoint.Name} cannot be used; {instead}. {named}");
            return false;
        }
        finally
        {
            bag?.Clear();
        }
    }

    /// <summary>Deletes the checkpoints after the one from which the run resumes: they are damaged, or will be made again.</summary>
    public void DeleteAfter(Checkpoint checkpoint)
    {
        foreach (var later in Checkpoint.In(checkpointsFolder).Reverse().TakeWhile(c => c != checkpoint)) later.Delete();
    }
}
