using TextGan.Benchmarks.Plain;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TextGan.Benchmarks.Paths;

/// <summary>The whole chain of relaxed tokens [B,T,V], through the Conv2d discriminator.</summary>
sealed class PlainGumbelStep : IBenchmarkPath
{
    readonly PlainGenerator generator = new(OracleSizes.Vocabulary, OracleSizes.Embedding, OracleSizes.Hidden);
    readonly PlainCnnDiscriminator discriminator =
        new(OracleSizes.Vocabulary, OracleSizes.Cnn.Embedding, OracleSizes.Cnn.Widths, OracleSizes.Cnn.Filters);
    readonly optim.Optimizer optimizer;
    readonly Tensor labels = ones(OracleSizes.Batch, int64, BenchmarkDevice.Current);

    public PlainGumbelStep()
    {
        optimizer = optim.Adam(generator.to(BenchmarkDevice.Current).parameters(), 0.01);
        discriminator.to(BenchmarkDevice.Current);
    }

    public void Run()
    {
        using var scope = NewDisposeScope();
        var relaxed = generator.Relaxed(OracleSizes.Batch, OracleSizes.Length, inverseTemperature: 1); // [B,T,V]
        PlainStep.Take(optimizer, generator, functional.cross_entropy(discriminator.OfRelaxed(relaxed), labels));
    }

    public void Dispose()
    {
        optimizer.Dispose();
        generator.Dispose();
        discriminator.Dispose();
        labels.Dispose();
    }
}
