using TextGan.Data;
using TextGan.Experiments;
using TextGan.Runs;
using TextGan.Generators;
using TextGan.Learning;
using TextGan.Metrics;
using TextGan.Storage;
using TextGan.Tests.Discriminators;
using TextGan.Tests.Runs;
using TextGan.Tests.Generators;
using TextGan.Tokenization;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Tests.Training;

/// <summary>The two trainers on a handful of texts in memory, with everything that a run gives them.</summary>
sealed class TrainingRig : IDisposable
{
    public const int Length = 6;

    static readonly string[] Words = ["a", "b", "c", "d", "e", "f"];

    readonly TemporaryFiles files = new();

    public TrainingRig()
    {
        var random = new Random(5);
        string Text() => string.Join(' ', Enumerable.Range(0, random.Next(2, 6)).Select(_ => Words[random.Next(Words.Length)]));
        string[] Texts(int count) => [.. Enumerable.Range(0, count).Select(_ => Text())];
        // Chosen text i begins with the same two words as rejected text i, so that a test can see who belongs together.
        var chosen = Texts(20);
        string[] rejected = [.. chosen.Select(text => string.Join(' ', text.Split(' ').Take(2)) + " f f")];
        var sets = new Dictionary<string, DataSet>
        {
            ["texts"] = new("texts", new DataSplit(Texts(24)), new DataSplit(Texts(10)), ""),
            ["pairs"] = new("pairs", new DataSplit(chosen, rejected), DataSplit.Empty, ""),
        };
        var encoder = new TextEncoder(WordTokenizer.Restore(["<end>", "<unk>", .. Words]), Length);
        Materials = new Materials(sets, encoder, sets.ToDictionary(pair => pair.Key, pair => Encode(pair.Value, encoder)));
    }

    public static EncodedSet Encode(DataSet data, TextEncoder encoder) =>
        EncodedSet.Of(data.Name, EncodedSide.Of(data.Train, encoder), EncodedSide.Of(data.HeldOut, encoder));

    public Materials Materials { get; }

    public string Checkpoints => files.PathOf("checkpoints");

    public string Samples => files.PathOf("samples");

    /// <summary>An experiment of four iterations without discriminators.</summary>
    public static ExperimentOptions Experiment { get; } = new()
    {
        Name = "rig",
        Length = Length,
        Generator = new LstmGeneratorOptions { Embedding = 5, Hidden = 6 },
        Pretraining = new PretrainingOptions { Data = "texts", Epochs = 2, Batch = 8 },
        Training = new TrainingOptions { Iterations = 4, Batch = 8,
            Optimizer = new TextGan.Optimizers.AdamOptions { LearningRate = 0.01 } },
        Evaluation = new EvaluationOptions { Every = 1000, Samples = 8 },
    };

    public static IReadOnlyList<TextGan.Discriminators.DiscriminatorOptions> Read(params string[] json) =>
        [.. json.Select(DiscriminatorCases.Read)];

    public static GeneratorOptions Transformer { get; } = new TransformerGeneratorOptions { Hidden = 8, Layers = 1, Heads = 2 };

    public AdversarialParts Parts(ExperimentOptions options, int seed = 1)
    {
        var assembly = new RunAssembly(options, Materials, CPU, seed);
        var parts = assembly.BuildAdversarialParts(assembly.BuildGenerator());
        parts.Average?.Start(parts.Generator);
        return parts;
    }

    /// <summary>Runs the adversarial phase and gives its lines.</summary>
    public MetricLine[] Train(ExperimentOptions options, AdversarialParts parts, IRunSink? observer = null, int seed = 1,
        params IMetric[] metrics)
    {
        using var log = new MetricLog(files.PathOf("metrics.jsonl"));
        var recorder = new Recorder(Samples, Checkpoints, options.Training.KeepCheckpoints, log, observer ?? new SilentObserver());
        var evaluator = new Evaluator(options.Evaluation, metrics, Materials.Encoder, seed);
        using var trainer = new AdversarialLoop(options.Training, options.Evaluation, parts, Materials.Encoder, evaluator, recorder, seed,
            options.Guards);
        trainer.Run(default);
        return [.. MetricLog.ReadLines(files.PathOf("metrics.jsonl")).Select(MetricLine.Parse)];
    }

    public MetricLine[] Train(ExperimentOptions options, IRunSink? observer = null, int seed = 1, params IMetric[] metrics)
    {
        using var parts = Parts(options, seed);
        return Train(options, parts, observer, seed, metrics);
    }

    /// <summary>Runs the pretraining and gives its lines.</summary>
    public MetricLine[] Pretrain(ExperimentOptions options, Generator generator, IRunSink? observer = null, int seed = 1,
        params IMetric[] metrics)
    {
        using var log = new MetricLog(files.PathOf("metrics.jsonl"));
        var recorder = new Recorder(Samples, Checkpoints, options.Training.KeepCheckpoints, log, observer ?? new SilentObserver());
        var evaluator = new Evaluator(options.Evaluation, metrics, Materials.Encoder, seed);
        using var trainer = new MaximumLikelihoodTrainer(
            options.Pretraining!, options.Evaluation, generator, Materials.Encoded[options.Pretraining!.Data],
            Materials.Encoder, CPU, evaluator, recorder, seed, options.Guards);
        trainer.Run(default);
        return [.. MetricLog.ReadLines(files.PathOf("metrics.jsonl")).Select(MetricLine.Parse)];
    }

    /// <summary>All weights as one row of numbers.</summary>
    public static double[] Weights(nn.Module module)
    {
        using var scope = NewDisposeScope();
        return [.. module.parameters().SelectMany(GeneratorCases.Doubles)];
    }

    /// <summary>The weights of the generator in a checkpoint.</summary>
    public double[] Stored(Checkpoint checkpoint, string part = "generator")
    {
        using var scope = NewDisposeScope();
        using var generator = new RunAssembly(Experiment, Materials, CPU, 1).BuildGenerator();
        var bag = checkpoint.Read();
        ModuleState.Load(generator, bag.Scope(part));
        bag.Clear();
        return Weights(generator);
    }

    public void Dispose()
    {
        Materials.Dispose();
        files.Dispose();
    }

    /// <summary>[N,T]: all rows of a set.</summary>
    public static TorchSharp.torch.Tensor All(IdRows rows) => rows.Range(0, rows.Count);
}
