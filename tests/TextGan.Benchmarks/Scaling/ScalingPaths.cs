using TextGan.Benchmarks.Paths;
using TextGan.Discriminators;
using TextGan.Generators;
using TextGan.Learning.Updates;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Scaling;

/// <summary>The steps whose growth is measured.</summary>
static class ScalingPaths
{
    public const string Likelihood = "likelihood", Drawing = "sampling", Gumbel = "gumbel-softmax", Product = "product";

    /// <summary>In the order of the report; <see cref="Product"/> is what sampling is held against.</summary>
    public static IReadOnlyList<string> Names { get; } = [Likelihood, Drawing, Gumbel, Product];

    /// <summary>Bytes that a path was seen to need for each number of a [B,T,V] table; 0 where no such table is held.</summary>
    public static double BytesPerTableNumber(string name) => name == Gumbel ? 36 : 0;

    public static IBenchmarkPath Build(string name, ScalingSizes sizes) => name switch
    {
        Likelihood => new LikelihoodStep(Generator(sizes), sizes.Batch, sizes.Length),
        Drawing => new Sampling(Generator(sizes), batches: 1, sizes.Batch, sizes.Length),
        Gumbel => new GeneratorStep(Generator(sizes), [Discriminator(sizes)], GeneratorStep.GumbelEstimator(), sizes.Batch, sizes.Length),
        Product => new HeadProduct(sizes),
        _ => throw new ArgumentException($"There is no path '{name}'; there are {string.Join(", ", Names)}.", nameof(name)),
    };

    static LstmGenerator Generator(ScalingSizes sizes) => new(sizes.Vocabulary, sizes.Width, sizes.Width, device: BenchmarkDevice.Current);

    static Discriminator Discriminator(ScalingSizes sizes) =>
        new CnnDiscriminatorOptions { Name = "cnn" }.Build(
            new DiscriminatorContext(sizes.Vocabulary, sizes.Length, null, BenchmarkDevice.Current, ids => string.Join(' ', ids)));

    /// <summary>What drawing cannot do without: [B,H]·[H,V] for each of T positions, by LibTorch.</summary>
    sealed class HeadProduct(ScalingSizes sizes) : IBenchmarkPath
    {
        readonly Tensor states = randn(sizes.Batch, sizes.Width, device: BenchmarkDevice.Current),
            weight = randn(sizes.Vocabulary, sizes.Width, device: BenchmarkDevice.Current);

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
