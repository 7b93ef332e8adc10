using BenchmarkDotNet.Attributes;
using TextGan.Optimizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Kernels;

/// <summary>An Adam step of SeqGAN's CNN discriminator.</summary>
[MemoryDiagnoser]
public class AdamStep
{
    optim.Optimizer libTorch = null!, fused = null!;

    [GlobalSetup]
    public void Make()
    {
        Parameter[] Learning()
        {
            Parameter[] parameters = [.. OracleSizes.Discriminator().parameters()];
            foreach (var parameter in parameters) parameter.grad = randn_like(parameter);
            return parameters;
        }
        (libTorch, fused) = (optim.Adam(Learning()), new AdamOptions { LearningRate = 1e-3 }.Build(new OptimizerContext(Learning())));
    }

    [Benchmark(Baseline = true)]
    public void LibTorch() => libTorch.step();

    [Benchmark]
    public void Fused() => fused.step();
}
