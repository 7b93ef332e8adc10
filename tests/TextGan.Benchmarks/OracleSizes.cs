using TextGan.Discriminators;
using TextGan.Generators;
using static TorchSharp.torch;

namespace TextGan.Benchmarks;

/// <summary>The sizes of SeqGAN's synthetic-oracle protocol (1609.05473), at which whole steps are timed.</summary>
static class OracleSizes
{
    public const int Vocabulary = 5000, Length = 20, Batch = 64, Embedding = 32, Hidden = 32;

    /// <summary>The token before the first one.</summary>
    public const int StartId = 0;

    public const double ClipGradient = 5;

    /// <summary>Rollouts of each prefix.</summary>
    public const int Rollouts = 16;

    /// <summary>SeqGAN's discriminator.</summary>
    public static CnnDiscriminatorOptions Cnn { get; } = new()
    {
        Name = "cnn", Embedding = 64,
        Widths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20],
        Filters = [100, 200, 200, 200, 200, 100, 100, 100, 100, 100, 160, 160],
    };

    public static Generator Generator() => new LstmGenerator(Vocabulary, Embedding, Hidden, device: BenchmarkDevice.Current);

    public static Discriminator Discriminator() =>
        Cnn.Build(new DiscriminatorContext(Vocabulary, Length, null, BenchmarkDevice.Current, ids => string.Join(' ', ids)));

    /// <summary>Ids [<paramref name="rows"/>,T], drawn evenly from the vocabulary.</summary>
    public static Tensor Ids(int rows = Batch) => randint(0, Vocabulary, [rows, Length], int64, BenchmarkDevice.Current);
}
