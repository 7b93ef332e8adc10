using BenchmarkDotNet.Attributes;
using TextGan.Generators;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Kernels;

/// <summary>Cross-entropy of 1,280 tokens over 5,000 words with the head before it, and the gradients of both.</summary>
[MemoryDiagnoser]
public class Likelihood
{
    readonly Generator generator = OracleSizes.Generator();
    readonly Tensor ids = OracleSizes.Ids(), mask = ones(OracleSizes.Batch, OracleSizes.Length);

    [Benchmark(Baseline = true)]
    public void LibTorch()
    {
        using var scope = NewDisposeScope();
        var logits = generator.Logits(generator.Hidden(TeacherForcing.Inputs(ids, OracleSizes.StartId))).flatten(0, 1);
        nn.functional.cross_entropy(logits, ids.flatten()).backward();
        generator.zero_grad();
    }

    [Benchmark]
    public void ByLoop()
    {
        using var scope = NewDisposeScope();
        TeacherForcing.Loss(generator, ids, mask, OracleSizes.StartId).backward();
        generator.zero_grad();
    }
}
