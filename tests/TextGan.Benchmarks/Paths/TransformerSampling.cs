using TextGan.Generators;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Paths;

/// <summary>Texts that a small transformer draws with its key/value cache.</summary>
static class TransformerSampling
{
    public const int Rows = 8, Vocabulary = 5000, Longest = 512;

    public static IBenchmarkPath Path() => new Sampling(Build(), batches: 1, Rows, Longest);

    public static Generator Build() =>
        new TransformerGeneratorOptions { Hidden = 128, Layers = 2, Heads = 4 }
            .Build(new GeneratorContext(Vocabulary, Longest, BenchmarkDevice.Current));
}
