using TextGan.Generators;
using TextGan.Generators.Sampling;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Paths;

/// <summary>Texts, some at a time.</summary>
sealed class Sampling(Generator generator, int batches, int rows, int length) : IBenchmarkPath
{
    public const int Batches = 10, Rows = 256;

    /// <summary>2,560 texts of the oracle's sizes, 256 at a time.</summary>
    public Sampling() : this(OracleSizes.Generator(), Batches, Rows, OracleSizes.Length) { }

    public void Run()
    {
        for (var batch = 0; batch < batches; batch++)
        {
            using var scope = NewDisposeScope();
            Sampler.Sample(generator, new SamplingOptions(), rows, length, OracleSizes.StartId, endId: null);
        }
    }

    public void Dispose() => generator.Dispose();
}
