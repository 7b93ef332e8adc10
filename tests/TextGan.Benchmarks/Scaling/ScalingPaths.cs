using TextGan.Benchmarks.Paths;
using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Estimators;
using TextGan.Generators;
using TextGan.Generators.Sampling;
using TextGan.Objectives;
using TextGan.Optimizers;
using TextGan.Schedules;
using TextGan.Tokenization;
using TextGan.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Scaling;

/// <summary>The steps whose growth is measured.</summary>
static class ScalingPaths
{
    public const string Likelihood = "likelihood", Sampling = "sampling", Gumbel = "gumbel-softmax", Product = "product";

    /// <summary>In the order of the report; <see cref="Product"/> is what sampling is held against.</summary>
    public static IReadOnlyList<string> Names { get; } = [Likelihood, Sampling, Gumbel, Product];

    /// <summary>A large share of the memory that a path needs: bytes for each number of a [B,T,V] table. 0 where none is held.</summary>
    public static double BytesPerTableNumber(string name) => name == Gumbel ? 6 * sizeof(float) : 0;

    public static IBenchmarkPath Build(string name, ScalingSizes sizes) => name switch
    {
        Likelihood => new LikelihoodOf(sizes),
        Sampling => new SamplingOf(sizes),
        Gumbel => new GumbelOf(sizes),
        Product => new ProductOf(sizes),
        _ => throw new ArgumentException($"There is no path '{name}'; there are {string.Join(", ", Names)}.", nameof(name)),
    };

    sealed class LikelihoodOf(ScalingSizes sizes) : IBenchmarkPath
    {
        readonly LstmGenerator generator = new(sizes.Vocabulary, sizes.Width, sizes.Width);
        readonly Tensor ids = randint(0, sizes.Vocabulary, [sizes.Batch, sizes.Length], int64), mask = ones(sizes.Batch, sizes.Length);
        optim.Optimizer? optimizer;

        public void Run()
        {
            using var scope = NewDisposeScope();
            Parameter[] parameters = [.. generator.parameters()];
            optimizer ??= new AdamOptions { LearningRate = 0.01 }.Build(parameters);
            optimizer.zero_grad();
            TeacherForcing.Loss(generator, ids, mask, OracleSizes.StartId).backward();
            GradientNorm.Clip(parameters, OracleSizes.ClipGradient);
            optimizer.step();
        }

        public void Dispose()
        {
            optimizer?.Dispose();
            generator.Dispose();
            ids.Dispose();
            mask.Dispose();
        }
    }

    sealed class SamplingOf(ScalingSizes sizes) : IBenchmarkPath
    {
        readonly LstmGenerator generator = new(sizes.Vocabulary, sizes.Width, sizes.Width);

        public void Run()
        {
            using var scope = NewDisposeScope();
            Sampler.Sample(generator, new SamplingOptions(), sizes.Batch, sizes.Length, OracleSizes.StartId, endId: null);
        }

        public void Dispose() => generator.Dispose();
    }

    sealed class GumbelOf : IBenchmarkPath
    {
        readonly LstmGenerator generator;
        readonly Discriminator discriminator;
        readonly Parameter[] parameters;
        readonly optim.Optimizer optimizer;
        readonly GradientEstimator estimator = new GumbelSoftmaxEstimator(Relaxation.Relaxed, new ConstantScheduleOptions { Value = 1 });
        readonly EstimationRequest request;

        public GumbelOf(ScalingSizes sizes)
        {
            generator = new LstmGenerator(sizes.Vocabulary, sizes.Width, sizes.Width);
            discriminator = new CnnDiscriminatorOptions { Name = "cnn" }.Build(new DiscriminatorContext(sizes.Vocabulary, sizes.Length, null, CPU, ids => string.Join(' ', ids)));
            parameters = [.. generator.parameters()];
            optimizer = new AdamOptions { LearningRate = 0.01 }.Build(parameters);
            var adversary = new Adversary("cnn", discriminator, new NonSaturatingLoss(), CPU, normalizer: null, NoTexts);
            request = new EstimationRequest(generator, [adversary], sizes.Batch, sizes.Length, OracleSizes.StartId, EndId: null, Step: 0, Steps: 1, NeedsLogits: false);
        }

        public void Run()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            new TermGradients(estimator.Estimate(request).Terms, parameters).Backward([1]);
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

    /// <summary>What drawing cannot do without: [B,H]·[H,V] for each of T positions, by LibTorch.</summary>
    sealed class ProductOf(ScalingSizes sizes) : IBenchmarkPath
    {
        readonly Tensor states = randn(sizes.Batch, sizes.Width), weight = randn(sizes.Vocabulary, sizes.Width);

        public void Run()
        {
            using var none = no_grad();
            for (var t = 0; t < sizes.Length; t++) nn.functional.linear(states, weight).Dispose();
        }

        public void Dispose()
        {
            states.Dispose();
            weight.Dispose();
        }
    }
}
