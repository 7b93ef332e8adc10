using System.Text.Json;
using TextGan.Runs.Events;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;
using TextGan.Training;

namespace TextGan.Runs;

/// <summary>
/// A pretraining that several runs share, in one process or several. The run that computes it locks its folder; the others wait, load it,
/// and get the same bits as if they had computed it. The folder, RUNS/shared/KIND-KEY, has one checkpoint, which holds the phase's lines
/// and samples as well.
/// </summary>
public sealed class SharedPretraining : IDisposable
{
    const int PollMilliseconds = 200, ToldAfterPolls = 5; // a run that only takes it is soon done

    readonly RunPlan run;
    readonly Phase phase;
    readonly Recorder recorder;
    readonly string key;
    readonly RunFolder folder;
    RunLock? held;
    bool cannotLock;

    /// <param name="run">The run that takes or makes it.</param>
    /// <param name="phase">The generator's pretraining or the discriminators'.</param>
    /// <param name="recorder">The run's.</param>
    public SharedPretraining(RunPlan run, Phase phase, Recorder recorder)
    {
        (this.run, this.phase, this.recorder) = (run, phase, recorder);
        (var kind, key) = phase == Phase.Pretraining ? ("generator", run.Fingerprint.Pretraining(run.Seed))
            : ("discriminators", run.Fingerprint.DiscriminatorPretraining(run.Seed));
        folder = new RunFolder(Path.Combine(run.RunsFolder, "shared", $"{kind}-{key[..16]}"));
    }

    /// <summary>Whether the folder exists: the pretraining is finished or being computed.</summary>
    public bool Exists => Directory.Exists(folder.Root);

    string Name => phase == Phase.Pretraining ? "pretraining" : "pretraining of the discriminators";

    Checkpoint? Made => Checkpoint.In(folder.Root).LastOrDefault(checkpoint => checkpoint.Phase == phase.NameOf());

    /// <summary>
    /// Waits until nobody else is making it, and takes what is there then. False where this run has to make it, for which it holds the lock
    /// from here on, or is to stop.
    /// </summary>
    /// <param name="load">Puts the state and the phase's lines into the run, which has not begun with the phase.</param>
    /// <param name="stop">Ends the waiting.</param>
    public bool TryTake(Action<StateBag, IReadOnlyList<MetricLine>> load, CancellationToken stop)
    {
        for (var polls = 0; !TryLock(); polls++)
        {
            if (polls == ToldAfterPolls) recorder.Sink.Say($"{Name}: waiting for {RunLock.HolderOf(folder)}, which is computing it");
            if (stop.WaitHandle.WaitOne(PollMilliseconds)) return false;
        }
        if (held is null || Made is not { } made) return false;
        var isTaken = false;
        recorder.TryLoad(made, bag => isTaken = Take(made, bag, load), "it is computed again");
        if (isTaken) Dispose();
        return isTaken;
    }

    /// <summary>
    /// Takes the lock, so that others wait for this run, unless one of them has it. Where the folder cannot be written nothing is shared.
    /// </summary>
    /// <returns>Whether this run need not wait.</returns>
    public bool TryLock()
    {
        if (held is not null || cannotLock) return true;
        try
        {
            return (held = RunLock.TryTake(folder, run.Id)) is not null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            cannotLock = true;
            Warn(refused);
            return true;
        }
    }

    bool Take(Checkpoint made, StateBag bag, Action<StateBag, IReadOnlyList<MetricLine>> load)
    {
        var own = bag.Scope("shared");
        if (own.GetText("key") != key) throw new InvalidDataException("it was made with other settings, or elsewhere");
        var origin = own.GetText("origin");
        if (origin == run.Id.Experiment && run.Standing == RunStanding.New) return false; // it starts over, and this is its own
        MetricLine[] lines = [.. JsonSerializer.Deserialize<string[]>(own.GetText("lines"))!.Select(MetricLine.Parse)];
        recorder.Sink.Say($"{Name}: taken from '{origin}' (same settings and seed)");
        var samples = own.Scope("samples");
        foreach (var name in samples.ValueNames())
            AtomicFile.WriteText(Path.Combine(run.Folder.Samples, Path.GetFileName(name)), samples.GetText(name));
        try
        {
            load(bag, lines);
            return true;
        }
        catch (Exception misfit) when (Recorder.IsDamage(misfit))
        {
            made.Delete(); // half of it may be in the run by now
            throw new RunFailedException($"{made.TensorFile} does not fit this run: {misfit.Message}. It has been deleted, and the same " +
                "command makes it again.", misfit);
        }
    }

    /// <summary>Keeps what this run has made, unless another one was faster, and lets those that wait go on.</summary>
    /// <param name="step">Steps of the phase.</param>
    /// <param name="save">Puts its state into the bag.</param>
    public void Give(long step, Action<StateBag> save)
    {
        using var release = this;
        var isMaker = held is not null;
        if (!TryLock() || held is null || (!isMaker && Made is not null)) return;
        var bag = new StateBag();
        try
        {
            MetricLine[] lines = [.. MetricLog.ReadLines(run.Folder.Metrics).Select(MetricLine.Parse)];
            // A run that has been further and was rolled back has not what others would have.
            if (lines.Any(line => PhaseNames.Parse(line.Phase) > phase)) return;
            save(bag);
            var own = bag.Scope("shared");
            own.Put("key", key);
            own.Put("origin", run.Id.Experiment);
            own.Put("lines", JsonSerializer.Serialize(lines.Where(line => line.Phase == phase.NameOf()).Select(line => line.ToJson())));
            var samples = new DirectoryInfo(run.Folder.Samples);
            foreach (var file in samples.Exists ? samples.EnumerateFiles($"{phase.NameOf()}-*") : [])
                own.Scope("samples").Put(file.Name, File.ReadAllText(file.FullName));
            foreach (var unusable in Checkpoint.In(folder.Root)) unusable.Delete();
            new Checkpoint(folder.Root, phase.NameOf(), step).Write(bag);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or JsonException)
        {
            Warn(refused);
        }
        finally
        {
            bag.Clear();
        }
    }

    void Warn(Exception refused) => recorder.Sink.Warn($"{Name}: is not shared with other runs: {refused.Message}");

    /// <summary>Lets others make it, where this run has not.</summary>
    public void Dispose()
    {
        held?.Dispose();
        held = null;
    }
}
