using TextGan.Benchmarks.Plain;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TextGan.Benchmarks.Paths;

/// <summary>One Conv2d a width over the embedded texts, cross-entropy, clipping, Adam.</summary>
sealed class PlainDiscriminatorStep : IBenchmarkPath
{
    const int Half = OracleSizes.Batch / 2;

    readonly PlainCnnDiscriminator discriminator =
        new(OracleSizes.Vocabulary, OracleSizes.Cnn.Embedding, OracleSizes.Cnn.Widths, OracleSizes.Cnn.Filters);
    readonly optim.Optimizer optimizer;
    readonly Tensor real = OracleSizes.Ids(Half), labels = cat([ones(Half, int64), zeros(Half, int64)]).to(BenchmarkDevice.Current);

    public PlainDiscriminatorStep() => optimizer = optim.Adam(discriminator.to(BenchmarkDevice.Current).parameters(), 1e-4);

    public void Run()
    {
        using var scope = NewDisposeScope();
        var ids = cat([real, OracleSizes.Ids(Half)]); // [B,T]
        PlainStep.Take(optimizer, discriminator, functional.cross_entropy(discriminator.OfIds(ids), labels));
    }

    public void Dispose()
    {
        optimizer.Dispose();
        discriminator.Dispose();
        real.Dispose();
        labels.Dispose();
    }
}
