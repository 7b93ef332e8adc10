using TextGan.Problems;
using TextGan.Safety;
using TextGan.Storage;

namespace TextGan.Training;

/// <summary>Everything that leaves a training loop: metric lines, samples, checkpoints, and word to the observer.</summary>
public sealed class Recorder(string samplesFolder, string checkpointsFolder, int keepCheckpoints, MetricLog log, IRunObserver observer)
{
    const int ShownSamples = 3;

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

    /// <summary>The last checkpoint that was written, for messages.</summary>
    public Checkpoint? LastCheckpoint { get; private set; }

    /// <summary>Writes a line where <paramref name="logged"/>, tells the observer in any case.</summary>
    public void Stepped(Phase phase, long step, long tokens, IReadOnlyDictionary<string, double> values, bool logged)
    {
        if (logged) Log.Write(NameOf(phase), step, values);
        Observer.Stepped(phase, step, tokens, values);
    }

    /// <summary>Writes the figures and the samples of an evaluation.</summary>
    public void Evaluated(Phase phase, long step, IReadOnlyDictionary<string, double> values, IReadOnlyList<string> texts)
    {
        Log.Write(NameOf(phase), step, values.ToDictionary(pair => $"metric/{pair.Key}", pair => pair.Value));
        AtomicFile.WriteText(Path.Combine(samplesFolder, $"{NameOf(phase)}-{step:D8}.txt"), string.Join('\n', texts.Select(text => SafeText.Line(text))) + "\n");
        Observer.Evaluated(phase, step, values, [.. texts.Take(ShownSamples).Select(text => SafeText.Line(text))]);
    }

    /// <summary>Writes a checkpoint and removes those beyond the number to keep.</summary>
    public void Save(Phase phase, long step, Action<StateBag> save)
    {
        var bag = new StateBag();
        try
        {
            save(bag);
            LastCheckpoint = new Checkpoint(checkpointsFolder, NameOf(phase), step);
            LastCheckpoint.Write(bag);
        }
        finally
        {
            bag.Clear();
        }
        var all = Checkpoint.In(checkpointsFolder);
        foreach (var old in all.Take(Math.Max(0, all.Count - keepCheckpoints))) old.Delete();
    }

    /// <summary>Ends the run where a loss or gradient is not a number.</summary>
    public void CheckFinite(Phase phase, long step, IReadOnlyDictionary<string, double> values, Func<string, bool> mustBeFinite)
    {
        foreach (var (name, value) in values)
        {
            if (double.IsFinite(value) || !mustBeFinite(name)) continue;
            Log.Write(NameOf(phase), step, values);
            throw new RunFailedException(
                $"'{name}' is {value} at {NameOf(phase)} step {step}; {(Origin(name) is { } origin ? origin + "; " : "")}" +
                (LastCheckpoint is { } good ? $"the last good checkpoint is {good.TensorFile}." : "there is no checkpoint before it."));
        }
    }
}
