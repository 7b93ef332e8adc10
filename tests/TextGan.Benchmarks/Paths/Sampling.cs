using TextGan.Generators;
using TextGan.Generators.Sampling;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Paths;

/// <summary>2,560 texts, 256 at a time.</summary>
sealed class Sampling : IBenchmarkPath
{
    public const int Batches = 10, Rows = 256;

    readonly Generator generator = OracleSizes.Generator();

    public void Run()
    {
        for (var batch = 0; batch < Batches; batch++)
        {
            using var scope = NewDisposeScope();
            Sampler.Sample(generator, new SamplingOptions(), Rows, OracleSizes.Length, OracleSizes.StartId, endId: null);
        }
    }

    public void Dispose() => generator.Dispose();
}
