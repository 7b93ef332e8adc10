using System.Globalization;

namespace TextGan.Benchmarks.Scaling;

/// <summary>What a step's time depends on.</summary>
/// <param name="Vocabulary">V.</param>
/// <param name="Length">T.</param>
/// <param name="Batch">B.</param>
/// <param name="Width">H: width of the generator's embedding and hidden state.</param>
sealed record ScalingSizes(int Vocabulary, int Length, int Batch, int Width)
{
    /// <summary>B·T·V: numbers in a table of logits, or in a relaxed batch.</summary>
    public double Table => (double)Batch * Length * Vocabulary;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Vocabulary} {Length} {Batch} {Width}");

    /// <summary>The sizes of the synthetic-oracle protocol, each stretched by itself, and some large ones together.</summary>
    public static IReadOnlyList<ScalingSizes> All { get; } =
    [
        .. new[]
        {
            from v in new[] { 1_000, 5_000, 32_000, 100_000 } select new ScalingSizes(v, 20, 64, 32),
            from t in new[] { 20, 40, 128, 512 } select new ScalingSizes(5_000, t, 64, 32),
            from b in new[] { 32, 64, 256, 512 } select new ScalingSizes(5_000, 20, b, 32),
            from h in new[] { 32, 128, 512 } select new ScalingSizes(5_000, 20, 64, h),
            [new(1_000, 512, 32, 32), new(32_000, 40, 256, 32), new(32_000, 128, 64, 128), new(100_000, 40, 64, 128),
                new(100_000, 128, 512, 32), new(5_000, 512, 512, 32)],
        }.SelectMany(sizes => sizes).Distinct(),
    ];
}
