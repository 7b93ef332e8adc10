using TextGan.Benchmarks.Plain;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Paths;

/// <summary>One multinomial draw a token.</summary>
sealed class PlainSampling : IBenchmarkPath
{
    readonly PlainGenerator generator =
        new PlainGenerator(OracleSizes.Vocabulary, OracleSizes.Embedding, OracleSizes.Hidden).to(BenchmarkDevice.Current);

    public void Run()
    {
        using var gradients = no_grad();
        for (var batch = 0; batch < Sampling.Batches; batch++)
        {
            using var scope = NewDisposeScope();
            generator.Complete(empty([Sampling.Rows, 0], int64, BenchmarkDevice.Current), OracleSizes.Length);
        }
    }

    public void Dispose() => generator.Dispose();
}
