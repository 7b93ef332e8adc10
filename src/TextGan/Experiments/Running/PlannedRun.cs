using TextGan.Experiments.Reading;
using TextGan.Problems;
using TextGan.Training;

namespace TextGan.Experiments.Running;

/// <summary>A run of a command, with the lock on its folder from <see cref="Lock"/> until it is disposed of.</summary>
public sealed class PlannedRun(LoadedExperiment experiment, int seed, string runsFolder) : IDisposable
{
    RunLock? held;

    public LoadedExperiment Experiment { get; } = experiment;

    public int Seed { get; } = seed;

    public RunFolder Folder { get; } = RunFolder.Of(runsFolder, experiment.Options.Name, seed);

    /// <summary>"experiment, seed 1".</summary>
    public string Name => $"{Experiment.Options.Name}, seed {Seed}";

    /// <summary>How far it has come; known after <see cref="Look"/>.</summary>
    public RunStanding Standing { get; private set; }

    /// <summary>Takes the folder.</summary>
    /// <exception cref="InvalidInputException">Another process works there.</exception>
    /// <exception cref="RunFailedException">The folder cannot be written.</exception>
    public void Lock() => held = RunLock.Take(Folder);

    /// <summary>What it depends on; known after <see cref="Look"/>.</summary>
    public RunFingerprint Fingerprint { get; private set; } = null!;

    /// <summary>Sees what is in the folder.</summary>
    /// <param name="fingerprint">The experiment's.</param>
    /// <param name="restart">Begin anew, whatever is there.</param>
    /// <exception cref="InvalidInputException">It holds a different run.</exception>
    public void Look(RunFingerprint fingerprint, bool restart)
    {
        Fingerprint = fingerprint;
        Standing = restart ? RunStanding.New : EarlierRun.Of(Folder, fingerprint);
    }

    public void Dispose()
    {
        held?.Dispose();
        held = null;
    }
}
