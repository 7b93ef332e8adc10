using TextGan.Generators;
using TextGan.Generators.Sampling;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Paths;

/// <summary>Texts drawn from a small transformer with its key/value cache.</summary>
sealed class TransformerSampling(int length) : IBenchmarkPath
{
    public const int Rows = 8, Vocabulary = 5000, Longest = 512;

    readonly Generator generator = Build();

    public static Generator Build() => new TransformerGeneratorOptions { Hidden = 128, Layers = 2, Heads = 4 }.Build(new GeneratorContext(Vocabulary, Longest, CPU));

    public void Run()
    {
        using var scope = NewDisposeScope();
        Sampler.Sample(generator, new SamplingOptions(), Rows, length, OracleSizes.StartId, endId: null);
    }

    public void Dispose() => generator.Dispose();
}
