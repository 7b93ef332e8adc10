using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Experiments.Reading;
using TextGan.Runs.Events;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;

namespace TextGan.Runs;

/// <summary>
/// One run of a command: what it depends on, where it lies, how far it has come. Its folder is locked from <see cref="Lock"/> until it is
/// disposed of.
/// </summary>
public sealed class RunPlan(LoadedExperiment experiment, int seed, string runsFolder) : IDisposable
{
    RunLock? held;

    public LoadedExperiment Experiment { get; } = experiment;

    public RunId Id { get; } = new(experiment.Options.Name, seed);

    public int Seed => Id.Seed;

    /// <summary>Where the folders of this run and of those that it shares with lie.</summary>
    public string RunsFolder { get; } = runsFolder;

    public RunFolder Folder { get; } = RunFolder.Of(runsFolder, experiment.Options.Name, seed);

    /// <summary>What it depends on; known after <see cref="Look"/>.</summary>
    public RunFingerprint Fingerprint { get; private set; } = null!;

    /// <summary>How far it has come; known after <see cref="Look"/>.</summary>
    public RunStanding Standing { get; private set; }

    /// <summary>What runs have in common that share the generator's pretraining; known after <see cref="Look"/>.</summary>
    public string PretrainingKey => field ??= Fingerprint.Pretraining(Seed);

    /// <summary>Takes the folder.</summary>
    /// <exception cref="InvalidInputException">Another process works there.</exception>
    /// <exception cref="RunFailedException">The folder cannot be written.</exception>
    public void Lock() => held = RunLock.Take(Folder);

    /// <summary>Sees what is in the folder.</summary>
    /// <param name="fingerprint">The experiment's.</param>
    /// <param name="restart">Start over, whatever is there.</param>
    /// <exception cref="InvalidInputException">It holds a different run, which is neither mixed with this one nor overwritten.</exception>
    public void Look(RunFingerprint fingerprint, bool restart = false)
    {
        Fingerprint = fingerprint;
        foreach (var (place, start) in fingerprint.Starts)
            if (Path.GetFullPath(start.Folder) == Path.GetFullPath(Folder.Checkpoints))
                throw new InvalidInputException(place, "is this run's own folder; another run's is needed.");
        // Without a line or a checkpoint nothing is lost.
        if (restart || !File.Exists(Folder.Config) || (!File.Exists(Folder.Metrics) && Checkpoint.In(Folder.Checkpoints).Count == 0))
        {
            Standing = RunStanding.New;
            return;
        }
        Standing = !RunDifferences.AreOfIterations(Folder, fingerprint) && Outcome == "finished" ? RunStanding.Finished : RunStanding.Begun;
    }

    /// <summary>
    /// How it ended; null where it has not, or where that cannot be read: then it is resumed, and at its last checkpoint it turns out to be
    /// done.
    /// </summary>
    string? Outcome
    {
        get
        {
            try
            {
                return File.Exists(Folder.Outcome) && JsonNode.Parse(File.ReadAllText(Folder.Outcome))?["outcome"] is JsonValue value
                    && value.TryGetValue<string>(out var outcome)
                    ? outcome : null;
            }
            catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
            {
                return null;
            }
        }
    }

    /// <summary>The result of a run that an earlier command finished; says so.</summary>
    public RunResult Recall(IRunSink sink)
    {
        var elsewhere = RunEnvironment.Differences(RunEnvironment.HistoryIn(Folder), Fingerprint.Environment);
        sink.Say($"finished by an earlier command, with the same configuration and files{(elsewhere.Length > 0 ? $" ({elsewhere})" : "")}");
        var final = FinalMetrics.Of(Folder);
        return new RunResult(Id.Experiment, Seed, "finished", null, Folder.Root, final.Values) {
            IsEarlier = true, Samples = final.Samples, Missing = final.Missing };
    }

    public void Dispose()
    {
        held?.Dispose();
        held = null;
    }
}
