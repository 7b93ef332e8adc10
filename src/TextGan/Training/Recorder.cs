using TextGan.Problems;
using TextGan.Safety;
using TextGan.Storage;
using TextGan.Training.Guards;

namespace TextGan.Training;

/// <summary>Everything that leaves a training loop: metric lines, samples, checkpoints, events, and word to the observer.</summary>
public sealed class Recorder(
    string samplesFolder, string checkpointsFolder, int keepCheckpoints, MetricLog log, IRunObserver observer, BestCheckpointOptions? keepBest = null)
{
    const int ShownSamples = 3;

    readonly BestCheckpoint? best = keepBest is null ? null : new BestCheckpoint(keepBest);
    readonly HashSet<string> missing = []; // figures of the last evaluation that have no value

    public MetricLog Log { get; } = log;

    public IRunObserver Observer { get; } = observer;

    /// <summary>The phase's name in files.</summary>
    public static string NameOf(Phase phase) => phase switch
    {
        Phase.Pretraining => "pretraining",
        Phase.DiscriminatorPretraining => "discriminator-pretraining",
        Phase.Adversarial => "adversarial",
        _ => throw new InvalidOperationException($"There is no phase {phase}."),
    };

    /// <summary>Says whose work a value is where that is worth telling (a plug-in's); null otherwise.</summary>
    public Func<string, string?> Origin { get; init; } = _ => null;

    /// <summary>"the last good checkpoint is FILE", for messages.</summary>
    public string LastGood => LastGoodIn(checkpointsFolder);

    /// <inheritdoc cref="LastGood"/>
    public static string LastGoodIn(string checkpointsFolder) => Checkpoint.In(checkpointsFolder) is [.., var last] ? $"the last good checkpoint is {last.TensorFile}" : "there is no checkpoint before it";

    /// <summary>The name of the event that tells of unknown tokens in samples.</summary>
    const string UnknownGuard = "unknownTokens";

    Phase? open;
    bool toldOfUnknown; // once a run is enough

    /// <summary>Tells the observer that a phase begins or goes on.</summary>
    public void PhaseStarted(Phase phase, long steps, long done)
    {
        open = phase;
        Observer.PhaseStarted(phase, steps, done);
    }

    /// <summary>Tells the observer that the phase that is under way, if any, has ended or is left.</summary>
    public void PhaseEnded()
    {
        if (open is not { } phase) return;
        open = null;
        Observer.PhaseEnded(phase);
    }

    /// <summary>Writes a line where <paramref name="logged"/>, tells the observer in any case.</summary>
    public void Stepped(Phase phase, long step, long tokens, IReadOnlyDictionary<string, double> values, bool logged)
    {
        if (logged) Log.Write(NameOf(phase), step, values);
        Observer.Stepped(phase, step, tokens, values);
    }

    /// <summary>Writes the figures and the samples of an evaluation.</summary>
    public void Evaluated(Phase phase, long step, Evaluation found)
    {
        var (values, texts) = (found.Values, found.Texts);
        Log.Write(new MetricLine
        {
            Phase = NameOf(phase), Step = step, Seconds = Math.Round(Log.Seconds, 3), Values = Logged(values).Concat(found.Judgements).ToDictionary(),
            Samples = found.Samples.Count > 0 ? Logged(found.Samples).ToDictionary() : null,
            Missing = found.Missing.Count > 0 ? Logged(found.Missing).ToDictionary() : null,
        });
        AtomicFile.WriteText(Path.Combine(samplesFolder, $"{NameOf(phase)}-{step:D8}.txt"), string.Join('\n', texts.Select(text => SafeText.Line(text))) + "\n");
        best?.Evaluated(phase, step, values);
        foreach (var group in found.Missing.Where(pair => !missing.Contains(pair.Key)).GroupBy(pair => pair.Value))
            Observer.Message($"no value for {string.Join(", ", group.Select(pair => pair.Key))}: {group.Key}");
        missing.Clear();
        missing.UnionWith(found.Missing.Keys);
        Observer.Evaluated(phase, step, values, [.. texts.Take(ShownSamples).Select(text => SafeText.Line(text))]);
        if (!toldOfUnknown && values.TryGetValue(UnknownTokens.Metric, out var unknown) && unknown >= UnknownTokens.WarnFrom) TellOfUnknown(phase, step, unknown);

        static IEnumerable<KeyValuePair<string, T>> Logged<T>(IReadOnlyDictionary<string, T> named) => named.Select(pair => KeyValuePair.Create($"metric/{pair.Key}", pair.Value));
    }

    void TellOfUnknown(Phase phase, long step, double share)
    {
        var message = $"{share * 100:0.0}% of the tokens of the samples are unknown at {NameOf(phase)} step {step}; BLEU, self-BLEU and NLL count them like words.";
        Event(new GuardFinding(UnknownGuard, phase, step, step, null, message), "warn", message);
        toldOfUnknown = true;
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

    /// <summary>Copies another run's samples of a phase that is shared.</summary>
    public void TakeSamples(string folder, Phase phase)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var file in Directory.EnumerateFiles(folder, $"{NameOf(phase)}-*.txt"))
            AtomicFile.WriteText(Path.Combine(samplesFolder, Path.GetFileName(file)), File.ReadAllText(file));
    }

    /// <summary>Writes down what a guard found.</summary>
    public void Event(GuardFinding finding, string action, string message, IReadOnlyDictionary<string, double>? values = null)
    {
        Log.Write(new MetricLine
        {
            Phase = NameOf(finding.Phase), Step = finding.Step, Seconds = Math.Round(Log.Seconds, 3),
            Values = values ?? new Dictionary<string, double>(), Event = new GuardEvent(finding.Guard, action, message),
        });
        if (action == "warn") Observer.Warning(message);
        else Observer.Message($"{action}: {message}");
    }

    /// <summary>Writes a checkpoint and removes those that are not to be kept.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="step">Its steps that were done.</param>
    /// <param name="save">Puts the state into the bag.</param>
    /// <param name="interim">Written because the run is being stopped, where an uninterrupted run writes none: gone with the next one.</param>
    public void Save(Phase phase, long step, Action<StateBag> save, bool interim = false)
    {
        var bag = new StateBag();
        try
        {
            save(bag);
            Log.Save(bag.Scope("log"));
            best?.Save(bag.Scope("best"));
            if (toldOfUnknown) bag.Put(UnknownGuard, 1);
            new Checkpoint(checkpointsFolder, NameOf(phase), step).Write(bag, interim);
        }
        finally
        {
            bag.Clear();
        }
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
    public bool HasCheckpoint(Phase phase, long step) => Checkpoint.In(checkpointsFolder).Any(c => c.Phase == NameOf(phase) && c.Step == step && !c.IsInterim);

    void DeleteSurplus()
    {
        var all = Checkpoint.In(checkpointsFolder);
        Checkpoint[] regular = [.. all.Where(c => !c.IsInterim)];
        var kept = regular.TakeLast(keepCheckpoints).ToHashSet();
        kept.Add(all[^1]);
        // Where the adversarial phase began: other experiments may share it, and a run can go back to it.
        if (regular.LastOrDefault(c => c.Phase == NameOf(Phase.Pretraining)) is { } pretrained) kept.Add(pretrained);
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
            .Where(c => (c.Phase == NameOf(Phase.Pretraining)) == (finding.Phase == Phase.Pretraining) && !c.IsInterim).ToList();
        // None may be as old as the trouble: then the oldest has the least of it.
        var before = own.Where(c => c.Phase != NameOf(finding.Phase) || c.Step <= finding.Since).Reverse().Concat(own.Take(1)).Distinct().ToList();
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
        Event(finding, "stop", $"{finding.Message} at {NameOf(finding.Phase)} step {finding.Step}; there is no checkpoint to roll back to.");
        throw new RunFailedException($"{finding.Message} at {NameOf(finding.Phase)} step {finding.Step}; there is no checkpoint to roll back to.");
    }

    /// <summary>Reads a checkpoint; false, and word of it, where it is damaged or does not fit.</summary>
    public bool TryLoad(Checkpoint checkpoint, Action<StateBag> load)
    {
        StateBag? bag = null;
        try
        {
            bag = checkpoint.Read();
            load(bag);
            return true;
        }
        catch (Exception damage) when (damage is InvalidInputException or InvalidDataException or KeyNotFoundException or EndOfStreamException)
        {
            var named = damage is InvalidInputException ? damage.Message : $"{checkpoint.TensorFile}: {damage.Message}";
            Observer.Message($"checkpoint {checkpoint.Name} cannot be used; the one before it is. {named}");
            return false;
        }
        finally
        {
            bag?.Clear();
        }
    }

    /// <summary>Deletes the checkpoints after the one from which the run goes on: they are damaged, or will be made again.</summary>
    public void DeleteAfter(Checkpoint checkpoint)
    {
        foreach (var later in Checkpoint.In(checkpointsFolder).Reverse().TakeWhile(c => c != checkpoint)) later.Delete();
    }
}
