using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Estimators;
using TextGan.Estimators.Baselines;
using TextGan.Estimators.Credit;
using TextGan.Generators;
using TextGan.Objectives;
using TextGan.Optimizers;
using TextGan.Tokenization;
using TextGan.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Paths;

/// <summary>A generator step by REINFORCE with 16 completions of each beginning, judged by SeqGAN's discriminator.</summary>
sealed class RolloutStep : IBenchmarkPath
{
    readonly Generator generator = OracleSizes.Generator();
    readonly Discriminator discriminator = OracleSizes.Discriminator();
    readonly Parameter[] parameters;
    readonly optim.Optimizer optimizer;
    readonly GradientEstimator estimator = new ReinforceEstimator(RewardScale.Probability, new RolloutCredit(OracleSizes.Rollouts), [new NoBaseline()]);
    readonly EstimationRequest request;

    public RolloutStep()
    {
        parameters = [.. generator.parameters()];
        optimizer = new AdamOptions { LearningRate = 0.01 }.Build(parameters);
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
