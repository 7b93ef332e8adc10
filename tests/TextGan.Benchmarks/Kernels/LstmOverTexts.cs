using BenchmarkDotNet.Attributes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Kernels;

/// <summary>An LSTM layer over 64 texts of 20 tokens, with its gradients.</summary>
[MemoryDiagnoser]
public class LstmOverTexts
{
    readonly LSTM lstm = nn.LSTM(OracleSizes.Embedding, OracleSizes.Hidden, batchFirst: true);
    readonly Tensor input = randn(OracleSizes.Batch, OracleSizes.Length, OracleSizes.Embedding);

    [Benchmark(Baseline = true)]
    public void LibTorch()
    {
        using var scope = NewDisposeScope();
        lstm.zero_grad();
        lstm.call(input).Item1.sum().backward();
    }

    [Benchmark]
    public void ByLoop()
    {
        using var scope = NewDisposeScope();
        lstm.zero_grad();
        Lstm.States(lstm, 1, 0, input).sum().backward();
    }
}
