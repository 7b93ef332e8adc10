using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Estimators;
using TextGan.Objectives;
using TextGan.Optimizers;
using TextGan.Schedules;
using TextGan.Tokenization;
using TextGan.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Paths;

/// <summary>A generator step by Gumbel-softmax against one CNN discriminator, as adversarial training does it.</summary>
sealed class GumbelStep : IBenchmarkPath
{
    readonly Generator generator = OracleSizes.Generator();
    readonly Discriminator discriminator = OracleSizes.Discriminator();
    readonly Parameter[] parameters;
    readonly optim.Optimizer optimizer;
    readonly GradientEstimator estimator;
    readonly EstimationRequest request;

    public GumbelStep(Relaxation relaxation = Relaxation.Relaxed)
    {
        parameters = [.. generator.parameters()];
        optimizer = new AdamOptions { LearningRate = 0.01 }.Build(parameters);
        estimator = new GumbelSoftmaxEstimator(relaxation, new ConstantScheduleOptions { Value = 1 });
        var adversary = new Adversary("cnn", discriminator, new NonSaturatingLoss(), CPU, normalizer: null, NoTexts);
        request = new EstimationRequest(generator, [adversary], OracleSizes.Batch, OracleSizes.Length, OracleSizes.StartId, EndId: null, Step: 0, Steps: 1, NeedsLogits: false);
    }

    public void Run()
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var estimate = estimator.Estimate(request);
        new TermGradients(estimate.Terms, parameters).Backward([1]);
        GradientNorm.Clip(parameters, OracleSizes.ClipGradient);
        optimizer.step();
    }

    static TokenBatch NoTexts(int count) => throw new InvalidOperationException("This loss reads no real texts.");

    public void Dispose()
    {
        estimator.Dispose();
        optimizer.Dispose();
        generator.Dispose();
        discriminator.Dispose();
    }
}
