using TextGan.Discriminators;
using TextGan.Experiments;
using TextGan.Experiments.Reading;
using TextGan.Generators;
using TextGan.Native;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;

namespace TextGan.Runs;

/// <summary>A run's generator and tokenizer, read back from its folder; needs none of its data.</summary>
/// <param name="Options">The experiment as it was run.</param>
/// <param name="Generator">With the weights of the checkpoint, in evaluation mode.</param>
/// <param name="Encoder">Tokenizer and row length.</param>
/// <param name="Checkpoint">The checkpoint that was read.</param>
public sealed record StoredRun(ExperimentOptions Options, Generator Generator, TextEncoder Encoder, Checkpoint Checkpoint) : IDisposable
{
    /// <summary>Its discriminators with the weights of the checkpoint, where they were asked for.</summary>
    public IReadOnlyList<(string Name, Discriminator Model)> Judges { get; init; } = [];

    /// <summary>
    /// A question as the run's prompts are written, and whether control tokens are marked in it (<see cref="ControlText"/>).
    /// </summary>
    public (string Prompt, bool HasControls) PromptOf(string question) =>
        Options.Prompts is { } name && Options.Data.GetValueOrDefault(name) is { } data ? data.PromptOf(question) : (question, false);

    /// <summary>Models that the discriminators read; disposed of with this.</summary>
    IReadOnlyList<IDisposable> Frozen { get; init; } = [];

    /// <param name="folder">A run folder (runs/EXPERIMENT/SEED).</param>
    /// <param name="device">Where the models go.</param>
    /// <param name="checkpointName">Name of a checkpoint ("adversarial-00000200"); "best" for the one that the run kept as such; null means
    /// the newest undamaged one.</param>
    /// <param name="settings">Which plug-ins of the experiment may be loaded, and which environment variables its paths may have. Default:
    /// no plug-ins.</param>
    /// <param name="warn">Hears of damaged checkpoints in whose place an older one is taken, and of tokenizer files that have changed
    /// since.</param>
    /// <param name="step">Steps of the checkpoint, of the last phase that has one of so many; null for any.</param>
    /// <param name="withJudges">Whether to load the discriminators as well.</param>
    /// <exception cref="InvalidInputException">The folder is not a run folder, or what is in it is missing or damaged.</exception>
    public static StoredRun Load(
        string folder, Device device, string? checkpointName = null, ReadingSettings? settings = null, Action<string>? warn = null,
            long? step = null, bool withJudges = false)
    {
        var run = FolderAt(folder);
        var experiment = ExperimentFile.ReadConfig(run.Config, settings);
        warn ??= _ => { };
        var encoder = EncoderOf(run, experiment, warn);
        var checkpoint = Choose(run, checkpointName, step, warn);
        var bag = checkpoint.Read(isVerified: true);
        var part = "generator";
        using var unfinished = new Unfinished();
        try
        {
            var generator = unfinished.Add(
                StoredModel.Options(run, experiment).BuildChecked(
                    new GeneratorContext(encoder.Tokenizer.VocabularySize, encoder.Length, device)
                    {
                        ReadsWeights = false, Features = LeakedFeatures.By(experiment.Options, encoder, device),
                    }));
            ModuleState.Load(generator, WeightsIn(bag));
            generator.eval();
            if (withJudges) RequireSameModels(run, experiment);
            var judges = new List<(string, Discriminator)>();
            var frozen = unfinished.Add(new FrozenModels(experiment.BaseFolder));
            Generator Another(bool isInFolder = false) => unfinished.Add(generator.Twin()
                ?? (isInFolder ? StoredModel.Initial(run, experiment) : StoredModel.Options(run, experiment)).BuildChecked(
                    new GeneratorContext(encoder.Tokenizer.VocabularySize, encoder.Length, device)
                    {
                        ReadsWeights = isInFolder, Features = LeakedFeatures.By(experiment.Options, encoder, device),
                    }));
            Generator? reference = null, learning = null;
            if (withJudges && experiment.Options.Discriminators.Any(one => one.ReadsReference))
            {
                var kept = bag.Scope("reference");
                var isInFolder = RunAssembly.BeginsAsInFolder(experiment.Options) && !kept.TensorNames().Any();
                reference = Another(isInFolder);
                if (!isInFolder && checkpoint.Phase != Phase.Pretraining.NameOf()) ModuleState.Load(reference, kept);
                FrozenModels.Freeze(reference);
            }
            // A structured discriminator has learnt beside the generator itself, not its average.
            if (withJudges && HasAverage(bag) && experiment.Options.Discriminators.Any(one => one.Structured))
            {
                learning = Another();
                ModuleState.Load(learning, bag.Scope("generator"));
                FrozenModels.Freeze(learning);
            }
            foreach (var options in withJudges ? experiment.Options.Discriminators : [])
            {
                part = $"discriminator '{options.Name}'";
                var weights = bag.Scope($"discriminators/{options.Name}/weights");
                if (checkpoint.Phase == Phase.Pretraining.NameOf())
                    throw new InvalidInputException(
                        checkpoint.TensorFile,
                        "is from the pretraining of the generator, before there are discriminators; name a later checkpoint.");
                var judge = unfinished.Add(options.BuildModel(new DiscriminatorContext(
                    encoder.Tokenizer.VocabularySize, encoder.Length, encoder.Tokenizer.EndId, device, encoder.Tokenizer.Decode)
                {
                    StartId = encoder.Tokenizer.StartId, Frozen = folder => folder is null ? reference! : frozen.Of(folder, device),
                    Generator = () => learning ?? generator,
                }));
                ModuleState.Load(judge, weights);
                judges.Add((options.Name, judge));
            }
            return unfinished.Finish(new StoredRun(experiment.Options, generator, encoder, checkpoint)
            {
                Judges = judges, Frozen = [frozen, .. new[] { reference, learning }.OfType<IDisposable>()],
            });
        }
        catch (InvalidDataException mismatch)
        {
            throw new InvalidInputException(checkpoint.TensorFile, $"does not fit the {part} of config.json: {mismatch.Message}.");
        }
        finally
        {
            bag.Clear();
        }
    }

    /// <summary>No checkpoint holds the models that discriminators read from folders: they must be what they were.</summary>
    static void RequireSameModels(RunFolder run, LoadedExperiment experiment)
    {
        var (contents, hashes) = (RunFingerprint.ContentsIn(run), new ContentHashes());
        foreach (var file in NamedFiles.ReadBy(experiment))
        {
            if (!file.Place.StartsWith("$.discriminators[", StringComparison.Ordinal)
                || file.Place.Contains(".teacherPreference.", StringComparison.Ordinal) // who taught it is not asked again
                || file.Place.Contains(".oracleQuery.", StringComparison.Ordinal)
                || file.Place.EndsWith(".start.run", StringComparison.Ordinal) // its weights are the run's own by now
                || contents?.GetValueOrDefault(file.Place) is not { } hash || file.Hash(hashes) == hash) continue;
            throw new InvalidInputException(file.Path,
                $"is not what the run was trained with: its checksum is not the one in {Path.GetFileName(run.Fingerprint)}.");
        }
    }

    /// <exception cref="InvalidInputException">There is no run in this folder.</exception>
    internal static RunFolder FolderAt(string folder)
    {
        var run = new RunFolder(folder);
        return File.Exists(run.Config) ? run
            : throw new InvalidInputException(folder,
            "is not a run folder: it has no config.json. Name a folder such as runs/EXPERIMENT/SEED.");
    }

    /// <summary>The tokenizer that a run learnt or read.</summary>
    internal static TextEncoder EncoderOf(RunFolder run, LoadedExperiment experiment, Action<string> warn)
    {
        var vocabulary = File.Exists(run.Vocabulary) ? StoredVocabulary.Read(run.Vocabulary) : null;
        var tokenizer = experiment.Paths.Watch(() => ValidatingTokenizer.Build(
            StoredTokenizer.Options(run, experiment, text => warn(experiment.Paths.Show(text))),
                new TokenizerContext(experiment.BaseFolder, [], vocabulary)));
        return new TextEncoder(tokenizer, experiment.Options.Length, experiment.Options.PromptLength);
    }

    /// <summary>The generator's weights in a checkpoint: the moving average's where there is one.</summary>
    internal static StateBag WeightsIn(StateBag bag) => bag.Scope(HasAverage(bag) ? "average" : "generator");

    static bool HasAverage(StateBag bag) => bag.TensorNames().Any(name => name.StartsWith("average/", StringComparison.Ordinal));

    /// <summary>A checkpoint by its name or its steps, else the newest undamaged one; its checksums have been verified.</summary>
    internal static Checkpoint Choose(RunFolder run, string? name, long? step, Action<string> warn)
    {
        var all = Recording.Checkpoint.In(run.Checkpoints);
        if (all.Count == 0) throw new InvalidInputException(run.Checkpoints, "has no checkpoint; the run ended before its first.");
        if (step is null && name is null or "best")
        {
            var newest = Newest(all, warn);
            if (name is null) return newest;
            name = BestCheckpoint.NameIn(newest.ReadValues()) ?? throw new InvalidInputException(
                run.Checkpoints, "has no best checkpoint: the experiment's training.keepBest keeps one.");
        }
        var chosen = all.LastOrDefault(c => step is { } steps ? c.Step == steps : c.Name == name) ?? throw new InvalidInputException(
            run.Checkpoints, $"has no checkpoint {(step is null ? $"'{name}'" : $"of step {step}")}; there are " +
            $"{string.Join(", ", all.Select(c => c.Name))}.");
        chosen.Verify();
        return chosen;
    }

    static Checkpoint Newest(IReadOnlyList<Checkpoint> all, Action<string> warn)
    {
        for (var i = all.Count - 1; ; i--)
        {
            try
            {
                all[i].Verify();
                return all[i];
            }
            catch (InvalidInputException damage) when (i > 0)
            {
                warn($"{damage.Message} Checkpoint {all[i - 1].Name} is taken.");
            }
        }
    }

    public void Dispose()
    {
        Generator.Dispose();
        foreach (var (_, judge) in Judges) judge.Dispose();
        foreach (var model in Frozen) model.Dispose();
    }
}
