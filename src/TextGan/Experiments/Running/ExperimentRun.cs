using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Experiments.Reading;
using TextGan.Generators;
using TextGan.Native;
using TextGan.Problems;
using TextGan.Storage;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Experiments.Running;

/// <summary>One experiment with one seed, from empty folder to outcome.</summary>
public sealed class ExperimentRun(
    LoadedExperiment experiment, int seed, Materials materials, PretrainedCache pretrained, string runsFolder, IRunObserver observer)
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    readonly ExperimentOptions options = experiment.Options;

    public RunFolder Folder { get; } = RunFolder.Of(runsFolder, experiment.Options.Name, seed);

    /// <summary>Runs both phases. Throws <see cref="RunFailedException"/> where training cannot go on.</summary>
    public RunResult Run(CancellationToken stop)
    {
        var device = Devices.Resolve(options.Device, "$.device");
        Prepare(device);
        using var log = new MetricLog(Folder.Metrics);
        var recorder = new Recorder(Folder.Samples, Folder.Checkpoints, options.Training.KeepCheckpoints, log, observer) { Origin = new PluginSuspects(options).Behind };
        try
        {
            PluginFault.Watch(() => Train(device, recorder, stop));
            var outcome = stop.IsCancellationRequested ? "stopped" : "finished";
            WriteOutcome(outcome, null, log.Seconds);
            return new RunResult(options.Name, seed, outcome, null, Folder.Root, FinalMetrics(log));
        }
        catch (RunFailedException failure)
        {
            WriteOutcome("failed", failure.Message, log.Seconds);
            throw;
        }
    }

    void Train(Device device, Recorder recorder, CancellationToken stop)
    {
        var assembly = new RunAssembly(options, materials, device, seed);
        var evaluator = assembly.BuildEvaluator();
        var generator = assembly.BuildGenerator();
        observer.Message($"generator: {generator.parameters().Sum(p => p.numel()):N0} parameters on {device}");
        if (options.Pretraining is not null) Pretrain(generator, device, evaluator, recorder, stop);
        if (stop.IsCancellationRequested || options.Discriminators.Count == 0 || options.Training.Iterations == 0)
        {
            if (options.Pretraining is null)
            {
                var (figures, texts) = evaluator.Evaluate(generator, "adversarial", 0);
                recorder.Evaluated(Phase.Adversarial, 0, figures, texts);
            }
            generator.Dispose();
            return;
        }
        using var parts = assembly.BuildAdversarialParts(generator);
        parts.Average?.Start(generator);
        using var trainer = new AdversarialTrainer(options.Training, options.Evaluation, parts, materials.Encoder, device, evaluator, recorder, seed);
        trainer.Run(stop);
    }

    void Pretrain(Generator generator, Device device, Evaluator evaluator, Recorder recorder, CancellationToken stop)
    {
        var key = PretrainingKey(device);
        if (pretrained.Find(key) is { } found)
        {
            observer.Message($"pretraining: taken from '{found.Origin}' (same settings and seed)");
            ModuleState.Load(generator, found.Weights);
            foreach (var line in found.Lines) recorder.Log.Write(line);
            recorder.Save(Phase.Pretraining, found.Steps, bag => ModuleState.Save(generator, bag.Scope("generator")));
            return;
        }
        var data = materials.Encoded[options.Pretraining!.Data];
        var steps = new MaximumLikelihoodTrainer(
            options.Pretraining, options.Evaluation, generator, data, materials.Encoder, device, evaluator, recorder, seed).Run(stop);
        if (stop.IsCancellationRequested) return;
        var weights = new StateBag();
        ModuleState.Save(generator, weights);
        pretrained.Store(key, weights, [.. recorder.Log.Lines], steps, options.Name);
    }

    /// <summary>All that pretraining depends on, as text.</summary>
    string PretrainingKey(Device device)
    {
        var key = new JsonObject();
        foreach (var part in (string[])["data", "tokenizer", "length", "generator", "pretraining", "evaluation", "threads"])
            key[part] = experiment.Resolved[part]?.DeepClone();
        key["baseFolder"] = experiment.BaseFolder;
        key["device"] = device.ToString();
        key["seed"] = seed;
        return key.ToJsonString();
    }

    void Prepare(Device device)
    {
        Directory.CreateDirectory(Folder.Root);
        // An earlier run's files would mix with this one's.
        foreach (var stale in (string[])[Folder.Samples, Folder.Checkpoints])
            if (Directory.Exists(stale)) Directory.Delete(stale, recursive: true);
        foreach (var stale in (string[])[Folder.Outcome, Folder.Metrics, Folder.Vocabulary]) File.Delete(stale);
        AtomicFile.WriteText(Folder.Config, experiment.ToJson());
        AtomicFile.WriteText(Folder.Environment, RunEnvironment.Describe(device).ToJsonString(Indented));
        if (materials.Encoder.Tokenizer.FittedVocabulary is { } vocabulary)
            AtomicFile.WriteText(Folder.Vocabulary, JsonSerializer.Serialize(vocabulary, Indented));
    }

    void WriteOutcome(string outcome, string? message, double seconds) => AtomicFile.WriteText(Folder.Outcome, new JsonObject
    {
        ["outcome"] = outcome,
        ["message"] = message,
        ["seconds"] = Math.Round(seconds, 1),
        ["ended"] = DateTimeOffset.Now.ToString("yyyy-MM-dd'T'HH:mm:sszzz"),
    }.ToJsonString(Indented));

    static Dictionary<string, double> FinalMetrics(MetricLog log)
    {
        var last = log.Lines.LastOrDefault(line => line.Values.Keys.Any(IsMetric));
        return last?.Values.Where(pair => IsMetric(pair.Key)).ToDictionary(pair => pair.Key["metric/".Length..], pair => pair.Value) ?? [];
    }

    static bool IsMetric(string name) => name.StartsWith("metric/", StringComparison.Ordinal);
}
