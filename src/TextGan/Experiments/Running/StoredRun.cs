using TextGan.Experiments.Reading;
using TextGan.Generators;
using TextGan.Native;
using TextGan.Problems;
using TextGan.Storage;
using TextGan.Tokenization;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Experiments.Running;

/// <summary>A run's generator and tokenizer, read back from its folder; needs none of its data.</summary>
/// <param name="Options">The experiment as it was run.</param>
/// <param name="Generator">With the weights of the checkpoint, in evaluation mode.</param>
/// <param name="Encoder">Tokenizer and row length.</param>
/// <param name="Checkpoint">The checkpoint that was read.</param>
public sealed record StoredRun(ExperimentOptions Options, Generator Generator, TextEncoder Encoder, Checkpoint Checkpoint) : IDisposable
{
    /// <param name="folder">A run folder (runs/EXPERIMENT/SEED).</param>
    /// <param name="device">Where the generator goes.</param>
    /// <param name="checkpointName">Name of a checkpoint ("adversarial-00000200"); "best" for the one that the run kept as such; null means the newest that is whole.</param>
    /// <param name="settings">Which plug-ins of the experiment may be loaded, and which environment variables its paths may have. Default: no plug-ins.</param>
    /// <param name="warn">Hears of damaged checkpoints in whose place an older one is taken, and of tokenizer files that have changed since.</param>
    /// <exception cref="InvalidInputException">The folder is no run folder, or what is in it is missing or damaged.</exception>
    public static StoredRun Load(string folder, Device device, string? checkpointName = null, ReadingSettings? settings = null, Action<string>? warn = null)
    {
        var run = new RunFolder(folder);
        if (!File.Exists(run.Config))
            throw new InvalidInputException(folder, "is no run folder: it has no config.json. Name a folder such as runs/EXPERIMENT/SEED.");
        var options = ExperimentFile.ReadConfig(run.Config, settings);
        var vocabulary = File.Exists(run.Vocabulary) ? StoredVocabulary.Read(run.Vocabulary) : null;
        warn ??= _ => { };
        var tokenizer = options.Paths.Watch(() => CheckedTokenizer.Build(
            StoredTokenizer.Options(run, options, text => warn(options.Paths.Show(text))), new TokenizerContext(options.BaseFolder, [], vocabulary)));
        var (checkpoint, bag) = Choose(run, checkpointName, warn);
        using var unfinished = new Unfinished();
        try
        {
            var generator = unfinished.Add(CheckedGenerator.Build(options.Options.Generator, new GeneratorContext(tokenizer.VocabularySize, options.Options.Length, device)));
            ModuleState.Load(generator, bag.TensorNames().Any(name => name.StartsWith("average/", StringComparison.Ordinal))
                ? bag.Scope("average") : bag.Scope("generator"));
            generator.eval();
            return unfinished.Finish(new StoredRun(options.Options, generator, new TextEncoder(tokenizer, options.Options.Length, options.Options.PromptLength), checkpoint));
        }
        catch (InvalidDataException mismatch)
        {
            throw new InvalidInputException(checkpoint.TensorFile, $"does not fit the generator of config.json: {mismatch.Message}.");
        }
        finally
        {
            bag.Clear();
        }
    }

    static (Checkpoint, StateBag) Choose(RunFolder run, string? name, Action<string> warn)
    {
        var all = Training.Checkpoint.In(run.Checkpoints);
        if (all.Count == 0) throw new InvalidInputException(run.Checkpoints, "has no checkpoint; the run ended before its first.");
        if (name is null or "best")
        {
            var (newest, bag) = Newest(all, warn);
            if (name is null) return (newest, bag);
            try
            {
                name = BestCheckpoint.NameIn(bag);
            }
            finally
            {
                bag.Clear();
            }
            if (name is null) throw new InvalidInputException(run.Checkpoints, "has no best checkpoint: the experiment's training.keepBest keeps one.");
        }
        var chosen = all.FirstOrDefault(c => c.Name == name) ?? throw new InvalidInputException(
            run.Checkpoints, $"has no checkpoint '{name}'; there are {string.Join(", ", all.Select(c => c.Name))}.");
        return (chosen, chosen.Read());
    }

    static (Checkpoint, StateBag) Newest(IReadOnlyList<Checkpoint> all, Action<string> warn)
    {
        for (var i = all.Count - 1; ; i--)
        {
            try
            {
                return (all[i], all[i].Read());
            }
            catch (InvalidInputException damage) when (i > 0)
            {
                warn($"{damage.Message} Checkpoint {all[i - 1].Name} is taken.");
            }
        }
    }

    public void Dispose() => Generator.Dispose();
}
