using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Experiments.Reading;
using TextGan.Native;
using TextGan.Storage;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Experiments.Running;

/// <summary>
/// The discriminators' pretraining, shared by runs of one command that agree in everything it depends on: the generator that they
/// learn against, all discriminators, the seed. A run that takes it ends with the bits that it would have ended with.
/// </summary>
/// <param name="planned">The runs of the command that are not finished: what no later one can use is not kept.</param>
public sealed class PretrainedDiscriminators(IEnumerable<PlannedRun> planned) : IDisposable
{
    /// <summary>What a discriminator does after its pretraining alone.</summary>
    static readonly string[] Later = ["weight", "stepsPerIteration", "every", "freezeAfter"];

    readonly Shared<Result> shared = new(planned.Select(run => KeyOf(run.Experiment, run.Seed)));

    /// <summary>Takes an earlier run's pretraining into a trainer that has not begun.</summary>
    public void Take(LoadedExperiment experiment, int seed, AdversarialTrainer trainer, IRunObserver observer)
    {
        if (!trainer.MayTakePretraining || shared.Find(KeyOf(experiment, seed)) is not { } earlier) return;
        observer.Message($"pretraining of the discriminators: taken from '{earlier.Origin}' (same settings and seed)");
        trainer.TakePretraining(earlier.State, earlier.Lines);
    }

    /// <summary>Keeps what a run has pretrained for those that follow.</summary>
    public void Give(LoadedExperiment experiment, int seed, AdversarialTrainer trainer, RunFolder folder)
    {
        var key = KeyOf(experiment, seed);
        if (shared.Users(key) < 2 || shared.Find(key) is not null || LinesOf(folder) is not { } lines) return;
        using var unfinished = new Unfinished();
        var result = unfinished.Add(new Result(new StateBag(), lines, folder.Experiment));
        trainer.SavePretraining(result.State);
        shared.Keep(key, unfinished.Finish(result));
    }

    /// <summary>The run is over.</summary>
    public void LetGo(LoadedExperiment experiment, int seed) => shared.LetGo(KeyOf(experiment, seed));

    public void Dispose() => shared.Dispose();

    /// <summary>The phase's lines; null where the run has already been further and was rolled back, for then it is not what others would have.</summary>
    static MetricLine[]? LinesOf(RunFolder folder)
    {
        try
        {
            MetricLine[] all = [.. MetricLog.ReadLines(folder.Metrics).Select(MetricLine.Parse)];
            return all.Any(line => line.Phase == Recorder.NameOf(Phase.Adversarial)) ? null : [.. all.Where(line => line.Phase == Recorder.NameOf(Phase.DiscriminatorPretraining))];
        }
        catch (Exception damaged) when (damaged is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>A checksum of all that the discriminators' pretraining, its lines and its checkpoints depend on.</summary>
    public static string KeyOf(LoadedExperiment experiment, int seed)
    {
        var (options, resolved, key) = (experiment.Options, experiment.Resolved, new JsonObject());
        foreach (var part in (string[])["data", "tokenizer", "length", "generator", "pretraining", "evaluation", "guards", "discriminators", "plugins"])
            key[part] = resolved[part]?.DeepClone();
        foreach (var discriminator in key["discriminators"]?.AsArray() ?? [])
            foreach (var property in Later) discriminator!.AsObject().Remove(property);
        if (!options.Estimator.ShowsPlainSamples) key["estimator"] = resolved["estimator"]?.DeepClone();
        key["batch"] = options.Training.Batch;
        key["iterations"] = options.Estimator.ShowsPlainSamples ? 0 : options.Training.Iterations; // schedules run over them
        key["logEvery"] = options.Training.LogEvery;
        key["checkpointEvery"] = options.Training.CheckpointEvery;
        key["baseFolder"] = experiment.BaseFolder;
        key["device"] = Devices.Resolve(options.Device, "$.device").ToString();
        key["threads"] = options.Threads;
        key["seed"] = seed;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToJsonString())));
    }

    sealed record Result(StateBag State, IReadOnlyList<MetricLine> Lines, string Origin) : IDisposable
    {
        public void Dispose() => State.Clear();
    }
}
