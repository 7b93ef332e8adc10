using TextGan.Metrics;

namespace TextGan.Benchmarks.Paths;

/// <summary>Self-BLEU-2..5 of texts whose words are drawn with an exponential law, as the reference draws them.</summary>
sealed class SelfBleuOfTexts(int count, int length) : IBenchmarkPath
{
    readonly int[][] texts = Texts(count, length, seed: 1);

    public void Run() => new SelfBleu(texts, 5).MeanScores();

    public static int[][] Texts(int count, int length, int seed)
    {
        const int Words = 300;
        var random = new Random(seed);
        int Word() => Math.Min(Words - 1, (int)(-40 * Math.Log(1 - random.NextDouble())));
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, length).Select(_ => Word()).ToArray())];
    }

    public void Dispose() { }
}
