using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Kernels;

/// <summary>
/// A linear layer with its gradients: rows, inputs and outputs of a highway layer of SeqGAN's CNN, and of a generator's head.
/// </summary>
[MemoryDiagnoser]
public class LinearProduct
{
    Tensor input = null!, weight = null!;

    [Params("64x1720x1720", "1280x32x5000")]
    public string Sizes { get; set; } = "";

    [GlobalSetup]
    public void Make()
    {
        long[] sizes = [.. Sizes.Split('x').Select(long.Parse)];
        (input, weight) = (randn(sizes[0], sizes[1]).requires_grad_(true), randn(sizes[2], sizes[1]).requires_grad_(true));
    }

    [Benchmark(Baseline = true)]
    public void LibTorch() => Run(nn.functional.linear(input, weight));

    [Benchmark]
    public void ByLoop() => Run(LinearLayer.Of(input, weight, null));

    void Run(Tensor output)
    {
        using (output) output.sum().backward();
        input.grad = weight.grad = null;
    }
}
