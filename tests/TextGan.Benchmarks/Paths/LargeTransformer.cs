using TextGan.Generators;

namespace TextGan.Benchmarks.Paths;

/// <summary>A transformer of the size at which arithmetic and not launches takes the time, for an accelerator.</summary>
static class LargeTransformer
{
    const int Vocabulary = 32_000, Length = 256, Batch = 32, Rows = 256;

    /// <summary>A likelihood step over 32 texts of 256 tokens.</summary>
    public static IBenchmarkPath Step() => new LikelihoodStep(Build(), Batch, Length);

    /// <summary>256 texts of 256 tokens.</summary>
    public static IBenchmarkPath Drawing() => new Sampling(Build(), batches: 1, Rows, Length);

    static Generator Build() => new TransformerGeneratorOptions { Hidden = 512, Layers = 8, Heads = 8 }.Build(
        new GeneratorContext(Vocabulary, Length, BenchmarkDevice.Current));
}
