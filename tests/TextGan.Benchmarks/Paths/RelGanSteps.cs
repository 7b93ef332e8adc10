using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Generators;
using TextGan.Learning;
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

/// <summary>
/// RelGAN at its published sizes: relational memory of one slot and two heads of 256, a discriminator of 64 representations, relativistic
/// loss. Each step draws its own texts; the discriminator's reads 64 real texts and 64 generated ones.
/// </summary>
sealed class RelGanSteps : IBenchmarkPath
{
    static readonly CnnDiscriminatorOptions Sizes = new()
    {
        Name = "d", Embedding = 64, Representations = 64, Widths = [2, 3, 4, 5], Filters = [300], FullyConnected = 100, GateBias = 0,
        Loss = new RelativisticLossOptions(), Optimizer = new AdamOptions { LearningRate = 1e-4 },
        ClipGradient = OracleSizes.ClipGradient,
    };

    readonly Generator generator = new RelationalMemoryGeneratorOptions().Build(
        new GeneratorContext(OracleSizes.Vocabulary, OracleSizes.Length, BenchmarkDevice.Current));
    readonly UpdateRule estimator = new PathwiseUpdate(Relaxation.Relaxed, new ConstantScheduleOptions { Value = 1 },
        prefix: PrefixGradient.Constant);
    readonly StepValues values = new();
    readonly Parameter[] parameters;
    readonly optim.Optimizer optimizer;
    readonly DiscriminatorTrainer trainer;
    readonly EncodedSet data;
    readonly Judge judge;
    readonly Action run;

    RelGanSteps(Func<RelGanSteps, Action> run)
    {
        this.run = run(this);
        parameters = [.. generator.parameters()];
        optimizer = new AdamOptions { LearningRate = 1e-4 }.Build(new OptimizerContext(parameters));
        data = new EncodedSet("real", new MemoryRows(OracleSizes.Ids(512).cpu()), null,
            new MemoryRows(empty([0, OracleSizes.Length], int64)));
        var model = Sizes.Build(new DiscriminatorContext(
            OracleSizes.Vocabulary, OracleSizes.Length, null, BenchmarkDevice.Current, ids => string.Join(' ', ids)));
        judge = new Judge("d", model, new RelativisticLoss(), BenchmarkDevice.Current, null,
            count => new TextBatch(OracleSizes.Ids(count), null));
        trainer = new DiscriminatorTrainer(
            Sizes, model, data, normalization: null, BenchmarkDevice.Current, endId: null, OracleSizes.Batch, seed: 1);
    }

    public static RelGanSteps OfGenerator() => new(steps => steps.LearnToWrite);

    public static RelGanSteps OfDiscriminator() => new(steps => steps.LearnToTell);

    public void Run() => run();

    RolloutRequest Request() => new(generator, [judge], OracleSizes.Batch, OracleSizes.Length, OracleSizes.StartId, EndId: null, Step: 0,
        Steps: 1, NeedsLogits: false);

    void LearnToWrite()
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        new TermGradients(estimator.Estimate(Request()).Terms, parameters).Backward([1.0]);
        GradientNorm.Clip(parameters, OracleSizes.ClipGradient);
        optimizer.step();
    }

    void LearnToTell()
    {
        using var scope = NewDisposeScope();
        judge.LetLearn();
        trainer.Learn(estimator.Generate(Request()), 0, values);
        trainer.TakeStep();
        values.Read();
    }

    public void Dispose()
    {
        estimator.Dispose();
        optimizer.Dispose();
        trainer.Dispose();
        generator.Dispose();
        data.Dispose();
    }
}
