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
    const int MetricBatch = 256;

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
        var sets = experiment.Paths.Watch(() => Load(experiment));
        try
        {
            using var prompted = options.Prompts is { } prompts ? Encode(sets[prompts], stored.Encoder) : null;
            using var reference = options.Evaluation.Metrics.Any(metric => metric.NeedsReference)
                ? ReferenceOf(run, stored, device) : null;
            var context = new MetricContext(sets, stored.Encoder, MetricBatch) { Device = device };
            using var evaluator = new Evaluator(options.Evaluation,
                [.. options.Evaluation.Metrics.Select(metric => metric.BuildChecked(context))], stored.Encoder,
                int.TryParse(run.Seed, out var seed) ? seed : options.Seeds[0], prompted?.Texts);
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
    static Dictionary<string, DataSet> Load(LoadedExperiment experiment)
    {
        var options = experiment.Options;
        var names = options.Evaluation.Metrics.Select(metric => metric.Data).Append(options.Prompts).OfType<string>().Distinct();
        return names.ToDictionary(name => name, name =>
        {
            var set = options.Data[name].LoadChecked(new DataContext(name, experiment.BaseFolder, options.Length));
            return options.Prompts is null ? set.WithoutPrompts() : set;
        });
    }

    /// <summary>The rows whose prompts an evaluation answers.</summary>
    static EncodedSide Encode(DataSet set, TextEncoder encoder) =>
        EncodedSide.Of(set.HeldOut.Texts.Count > 0 ? set.HeldOut : set.Train, encoder);

    /// <summary>
    /// The generator as it was at the start of the adversarial phase: the checkpoint has it where the run needed it, else the last
    /// checkpoint of the pretraining, which is always kept, is the same.
    /// </summary>
    static Generator ReferenceOf(RunFolder run, StoredRun stored, Device device)
    {
        var (bag, scope) = (stored.Checkpoint.Read(isVerified: true), "reference");
        if (!bag.TensorNames().Any(name => name.StartsWith("reference/", StringComparison.Ordinal)))
        {
            bag.Clear();
            var start = Checkpoint.In(run.Checkpoints).LastOrDefault(one => one.Phase == Phase.Pretraining.NameOf())
                ?? throw new InvalidInputException(run.Checkpoints,
                    "has no reference model, the generator as it was at the start of the adversarial phase: no metric of the run needed it, " +
                    "and there was no pretraining.");
            (bag, scope) = (start.Read(), "generator");
        }
        using var unfinished = new Unfinished();
        try
        {
            var reference = unfinished.Add(stored.Options.Generator.BuildChecked(
                new GeneratorContext(stored.Encoder.Tokenizer.VocabularySize, stored.Encoder.Length, device)));
            ModuleState.Load(reference, bag.Scope(scope));
            reference.eval();
            return unfinished.Finish(reference);
        }
        finally
        {
            bag.Clear();
        }
    }
}
