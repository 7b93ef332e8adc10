using System.Diagnostics;
using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Estimators;
using TextGan.Estimators.Baselines;
using TextGan.Estimators.Credit;
using TextGan.Generators;
using TextGan.Objectives;
using TextGan.Optimizers;
using TextGan.Schedules;
using TextGan.Tokenization;
using TextGan.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Discriminators;

/// <summary>Generator steps of one estimator against 1 … K of the same CNN discriminators, and what one of them costs by itself.</summary>
sealed class AdversarialCost : IDisposable
{
    readonly Generator generator = OracleSizes.Generator();
    readonly Discriminator[] discriminators;
    readonly Adversary[] adversaries;
    readonly Parameter[] parameters;
    readonly optim.Optimizer optimizer;
    readonly GradientEstimator estimator;
    readonly bool isRelaxed;
    readonly Tensor ids = OracleSizes.Ids(), relaxed;

    /// <param name="most">K.</param>
    /// <param name="isRelaxed">By Gumbel-softmax, else by REINFORCE with the reward of whole texts.</param>
    public AdversarialCost(int most, bool isRelaxed)
    {
        this.isRelaxed = isRelaxed;
        discriminators = [.. Enumerable.Range(0, most).Select(_ => OracleSizes.Discriminator())];
        adversaries = [.. discriminators.Select((discriminator, k) => new Adversary($"cnn-{k}", discriminator, new NonSaturatingLoss(), CPU, normalizer: null, NoTexts))];
        parameters = [.. generator.parameters()];
        optimizer = new AdamOptions { LearningRate = 0.01 }.Build(parameters);
        estimator = isRelaxed
            ? new GumbelSoftmaxEstimator(Relaxation.Relaxed, new ConstantScheduleOptions { Value = 1 })
            : new ReinforceEstimator(RewardScale.Probability, new SequenceCredit(), [.. Enumerable.Range(0, most).Select(_ => new NoBaseline())]);
        using var scope = NewDisposeScope();
        relaxed = randn(OracleSizes.Batch, OracleSizes.Length, OracleSizes.Vocabulary).softmax(-1).MoveToOuterDisposeScope();
        relaxed.requires_grad_();
    }

    /// <summary>Seconds of a step against the first <paramref name="count"/> discriminators.</summary>
    public double Step(int count)
    {
        var begin = Stopwatch.GetTimestamp();
        using var scope = NewDisposeScope();
        var request = new EstimationRequest(generator, adversaries[..count], OracleSizes.Batch, OracleSizes.Length, OracleSizes.StartId, EndId: null, Step: 0, Steps: 1, NeedsLogits: false);
        optimizer.zero_grad();
        var estimate = estimator.Estimate(request);
        new TermGradients(estimate.Terms, parameters).Backward([.. Enumerable.Repeat(1.0, count)]);
        GradientNorm.Clip(parameters, OracleSizes.ClipGradient);
        optimizer.step();
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    /// <summary>Seconds of a discriminator's own: forward, and where the estimator needs it backward to the tokens. A mean over all in turn, so that none finds its weights in the cache.</summary>
    public double Own()
    {
        var begin = Stopwatch.GetTimestamp();
        foreach (var adversary in adversaries)
        {
            using var scope = NewDisposeScope();
            if (isRelaxed) autograd.grad([adversary.GeneratorLoss(new TokenBatch(ids, null, relaxed)).mean()], [relaxed]);
            else
                using (no_grad())
                    adversary.Judge(new TokenBatch(ids, null));
        }
        return Stopwatch.GetElapsedTime(begin).TotalSeconds / adversaries.Length;
    }

    static TokenBatch NoTexts(int count) => throw new InvalidOperationException("This loss reads no real texts.");

    public void Dispose()
    {
        estimator.Dispose();
        optimizer.Dispose();
        generator.Dispose();
        foreach (var discriminator in discriminators) discriminator.Dispose();
        ids.Dispose();
        relaxed.Dispose();
    }
}
