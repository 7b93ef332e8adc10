using TextGan.Benchmarks.Plain;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Paths;

/// <summary>One multinomial draw a token.</summary>
sealed class PlainSampling : IBenchmarkPath
{
    readonly PlainGenerator generator = new(OracleSizes.Vocabulary, OracleSizes.Embedding, OracleSizes.Hidden);

    public void Run()
    {
        using var gradients = no_grad();
        for (var batch = 0; batch < Sampling.Batches; batch++)
        {
            using var scope = NewDisposeScope();
            generator.Complete(empty([Sampling.Rows, 0], int64), OracleSizes.Length);
        }
    }

    public void Dispose() => generator.Dispose();
}
