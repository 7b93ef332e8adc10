using TextGan.Data;
using TextGan.Experiments;
using TextGan.Experiments.Reading;
using TextGan.Generators;
using TextGan.Metrics;
using TextGan.Native;
using TextGan.Operations;
using TextGan.Runs.Events;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;
using TextGan.Training;

namespace TextGan.Runs;

/// <summary>
/// Measures the generator of a run's checkpoint anew. The same metrics on as many samples give what the run measured itself at that step,
/// because the samples are drawn from the same random numbers.
/// </summary>
public static class RunMeasurement
{
    /// <param name="folder">A run folder (runs/EXPERIMENT/SEED).</param>
    /// <param name="device">Where the models go.</param>
    /// <param name="settings">How its config.json is read; edits of 'evaluation' choose metrics and samples.</param>
    /// <param name="warn">Hears of damaged checkpoints and changed tokenizer files.</param>
    /// <param name="say">Hears what the metrics say of themselves.</param>
    /// <param name="step">Steps of the checkpoint; null for the newest.</param>
    /// <exception cref="InvalidInputException">The run, its data or the metrics cannot be used.</exception>
    public static (Checkpoint Checkpoint, Evaluation Found) Of(
        string folder, Device device, ReadingSettings settings, Action<string> warn, Action<string> say, long? step = null)
    {
        var run = StoredRun.FolderAt(folder);
        var experiment = ExperimentFile.ReadConfig(run.Config, settings);
        using var stored = StoredRun.Load(folder, device, settings: settings, warn: warn, step: step);
        var options = experiment.Options;
        using var precision = ModelPrecision.Use(RunEnvironment.PrecisionOf(options));
        var seed = int.TryParse(run.Seed, out var own) ? own : options.Seeds[0];
        var sets = experiment.Paths.Watch(() => Load(experiment, run, device, warn));
        try
        {
            using var prompted = options.Prompts is { } prompts ? Encode(sets[prompts], stored.Encoder) : null;
            using var reference = options.Evaluation.Metrics.Any(metric => metric.NeedsReference)
                ? ReferenceOf(run, experiment, stored, seed, device) : null;
            var context = new MetricContext(sets, stored.Encoder, options.Evaluation.Batch)
            {
                Temperature = options.Evaluation.Sampling.Temperature,
                Device = device, BaseFolder = experiment.BaseFolder, StudentContext = options.Pretraining?.Teacher?.Context,
                KlWeight = options.Regularizers.Kl.Weight,
            };
            using var evaluator = new Evaluator(options.Evaluation,
                [.. options.Evaluation.Metrics.Select(metric => metric.BuildChecked(context))], stored.Encoder,
                seed, prompted?.Texts);
            foreach (var finding in evaluator.Findings) say(finding);
            return (stored.Checkpoint, evaluator.Evaluate(
                stored.Generator, stored.Checkpoint.Phase, stored.Checkpoint.Step, null, reference, isEnd: true));
        }
        finally
        {
            foreach (var set in sets.Values) (set.Source as IDisposable)?.Dispose();
        }
    }

    /// <summary>The data sets that the metrics and the evaluation's prompts need.</summary>
    static IReadOnlyDictionary<string, DataSet> Load(LoadedExperiment experiment, RunFolder run, Device device, Action<string> warn)
    {
        var options = experiment.Options;
        var loading = new DataLoading(options, experiment.BaseFolder, _ => { })
        {
            // A run folder may be a stranger's, so that only what was answered for the run is there.
            Device = () => device, ReplyFolder = RunFolder.SharedIn(Path.Combine(run.Root, "..", "..")), MayAsk = false,
        };
        foreach (var name in options.Evaluation.Metrics.Select(metric => metric.Data).Append(options.Prompts).OfType<string>().Distinct())
            loading.Load(name);
        var (contents, hashes) = (RunFingerprint.ContentsIn(run), new ContentHashes());
        foreach (var file in NamedFiles.ReadBy(experiment))
        {
            if (!loading.Sets.Keys.Any(name => file.Place.StartsWith($"$.data{Origin.Step(name)}.", StringComparison.Ordinal))) continue;
            if (contents?.GetValueOrDefault(file.Place) is { } hash && file.Hash(hashes) != hash)
                warn($"warning: {experiment.Paths.Show(file.Path)} has changed since the run was made");
        }
        return loading.Sets;
    }

    /// <summary>The rows whose prompts an evaluation answers.</summary>
    static EncodedSide Encode(DataSet set, TextEncoder encoder) =>
        EncodedSide.Of(set.HeldOut.Texts.Count > 0 ? set.HeldOut : set.Train, encoder);

    /// <summary>
    /// The generator as it was at the start of the adversarial phase: the checkpoint has it where the run needed it, else the last
    /// checkpoint of the pretraining, which is always kept, is the same; a run without pretraining began with what its options build, or
    /// with the model that they name.
    /// </summary>
    static Generator ReferenceOf(RunFolder run, LoadedExperiment experiment, StoredRun stored, int seed, Device device)
    {
        using var unfinished = new Unfinished();
        Seeds.Set(seed, "generator");
        Generator Frozen(GeneratorOptions options, bool readsWeights)
        {
            var model = unfinished.Add(stored.Generator.Twin() ?? options.BuildChecked(
                new GeneratorContext(stored.Encoder.Tokenizer.VocabularySize, stored.Encoder.Length, device)
                {
                    BaseFolder = experiment.BaseFolder, ReadsWeights = readsWeights,
                    Features = LeakedFeatures.By(stored.Options, stored.Encoder, device),
                }));
            FrozenModels.Freeze(model);
            return model;
        }
        foreach (var (checkpoint, scope) in new (Checkpoint?, string)[]
        {
            (stored.Checkpoint, "reference"),
            (Checkpoint.In(run.Checkpoints).LastOrDefault(one => one.Phase == Phase.Pretraining.NameOf()), "generator"),
        })
        {
            if (checkpoint?.Read() is not { } bag) continue;
            try
            {
                if (!bag.TensorNames().Any(name => name.StartsWith(scope + "/", StringComparison.Ordinal))) continue;
                var reference = Frozen(StoredModel.Options(run, experiment), readsWeights: false);
                ModuleState.Load(reference, bag.Scope(scope));
                return unfinished.Finish(reference);
            }
            finally
            {
                bag.Clear();
            }
        }
        if (stored.Options.Start is not null)
            throw new InvalidInputException(run.Checkpoints,
                "has no reference model, the generator as it was at the start of the adversarial phase: it came from another run, and no " +
                "metric of this run needed it.");
        return unfinished.Finish(Frozen(StoredModel.Initial(run, experiment), readsWeights: true));
    }
}
