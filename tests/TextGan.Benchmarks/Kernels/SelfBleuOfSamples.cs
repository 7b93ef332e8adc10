using BenchmarkDotNet.Attributes;
using TextGan.Metrics;

namespace TextGan.Benchmarks.Kernels;

/// <summary>Self-BLEU-2..5 of texts of 20 tokens, on all cores.</summary>
[MemoryDiagnoser]
public class SelfBleuOfSamples
{
    int[][] texts = [];

    [Params(300, 10_000)]
    public int Texts { get; set; }

    [GlobalSetup]
    public void Make()
    {
        var random = new Random(1);
        texts = [.. Enumerable.Range(0, Texts).Select(
            _ => Enumerable.Range(0, 20).Select(_ => (int)(-40 * Math.Log(1 - random.NextDouble()))).ToArray())];
    }

    [Benchmark]
    public double Score()
    {
        var bleu = new SelfBleu(texts, 5);
        var sums = new double[texts.Length];
        Parallel.For(0, texts.Length, i => sums[i] = bleu.Score(i)[4]);
        return sums.Average();
    }
}
