using TextGan.Learning.Updates.Losses;
using TextGan.Generators.Sampling;
using TextGan.Discriminators.Losses;
using TextGan.Discriminators;
using TextGan.Generators;
using TextGan.Learning.Baselines;
using TextGan.Learning.Credit;
using TextGan.Learning.Objectives;
using TextGan.Learning.Rewards;
using TextGan.Learning.Rollouts;
using TextGan.Learning.Updates;
using TextGan.Optimizers;
using TextGan.Schedules;
using TextGan.Tokenization;
using TextGan.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Paths;

/// <summary>A generator step against discriminators, as adversarial training does it. All parts belong to it.</summary>
sealed class GeneratorStep : IBenchmarkPath
{
    readonly Generator generator;
    readonly Discriminator[] discriminators;
    readonly Parameter[] parameters;
    readonly optim.Optimizer optimizer;
    readonly UpdateRule estimator;
    readonly int batch, length;

    public GeneratorStep(Generator generator, Discriminator[] discriminators, UpdateRule estimator, int batch, int length)
    {
        (this.generator, this.discriminators, this.estimator, this.batch, this.length) =
            (generator, discriminators, estimator, batch, length);
        Judges = [.. discriminators.Select((discriminator, k) =>
            new Judge($"cnn-{k}", discriminator, new NonSaturatingLoss(), BenchmarkDevice.Current, normalizer: null, NoTexts))];
        parameters = [.. generator.parameters()];
        optimizer = new AdamOptions { LearningRate = 0.01 }.Build(new OptimizerContext(parameters));
    }

    /// <summary>By Gumbel-softmax with relaxed tokens, at the oracle's sizes.</summary>
    public static GeneratorStep Gumbel(int judges = 1) => Oracle(judges, GumbelEstimator());

    /// <summary>By REINFORCE, at the oracle's sizes.</summary>
    public static GeneratorStep Reinforce(CreditAssignment credit, int judges = 1) =>
        Oracle(judges, new PolicyGradientUpdate(
            new ProbabilityReward(), credit, new AdvantageCombination([.. Enumerable.Range(0, judges).Select(_ => new NoBaseline())]),
            new ReinforceLoss(), new RolloutCollector(new SamplingOptions(), null)));

    public static UpdateRule GumbelEstimator() => new PathwiseUpdate(Relaxation.Relaxed, new ConstantScheduleOptions { Value = 1 });

    /// <summary>In how many parts of the batch the generator computes.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>What judges, a discriminator each.</summary>
    public Judge[] Judges { get; }

    public void Run() => Run(Judges.Length);

    /// <summary>A step against the first of them.</summary>
    public void Run(int judges)
    {
        using var scope = NewDisposeScope();
        var request = new RolloutRequest(generator, Judges[..judges], batch, length, OracleSizes.StartId, EndId: null, Step: 0,
            Steps: 1, NeedsLogits: false) { Parts = Parts };
        optimizer.zero_grad();
        new TermGradients(estimator.Estimate(request).Terms, parameters).Backward([.. Enumerable.Repeat(1.0, judges)]);
        GradientNorm.Clip(parameters, OracleSizes.ClipGradient);
        optimizer.step();
    }

    public void Dispose()
    {
        estimator.Dispose();
        optimizer.Dispose();
        generator.Dispose();
        foreach (var discriminator in discriminators) discriminator.Dispose();
    }

    static GeneratorStep Oracle(int judges, UpdateRule estimator) =>
        new(OracleSizes.Generator(), [.. Enumerable.Range(0, judges).Select(_ => OracleSizes.Discriminator())], estimator,
            OracleSizes.Batch, OracleSizes.Length);

    static TextBatch NoTexts(int count) => throw new InvalidOperationException("This loss reads no real texts.");
}
