using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Kernels;

/// <summary>One token for each of 256 rows of logits.</summary>
[MemoryDiagnoser]
public class TokenDrawing
{
    const int Rows = 256;

    readonly Tensor logits = randn(Rows, OracleSizes.Vocabulary), uniform = rand(Rows, 1);
    readonly TokenDrawer drawer = new();

    [Benchmark(Baseline = true)]
    public void Multinomial()
    {
        using var scope = NewDisposeScope();
        multinomial(logits.softmax(1), 1);
    }

    [Benchmark]
    public void ByTensors()
    {
        using var scope = NewDisposeScope();
        using var mode = OperationMode.Plain();
        drawer.Draw(logits, uniform);
    }

    [Benchmark]
    public void ByLoop()
    {
        using var scope = NewDisposeScope();
        drawer.Draw(logits, uniform);
    }
}
