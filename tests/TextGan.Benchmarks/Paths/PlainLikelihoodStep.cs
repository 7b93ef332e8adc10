using TextGan.Benchmarks.Plain;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TextGan.Benchmarks.Paths;

/// <summary>Log-softmax over [B,T,V], the likelihood of the tokens, clipping, Adam.</summary>
sealed class PlainLikelihoodStep : IBenchmarkPath
{
    readonly PlainGenerator generator = new(OracleSizes.Vocabulary, OracleSizes.Embedding, OracleSizes.Hidden);
    readonly optim.Optimizer optimizer;
    readonly Tensor ids = OracleSizes.Ids();

    public PlainLikelihoodStep() => optimizer = optim.Adam(generator.to(BenchmarkDevice.Current).parameters(), 0.01);

    public void Run()
    {
        using var scope = NewDisposeScope();
        var inputs = cat(
            [zeros(OracleSizes.Batch, 1, int64, BenchmarkDevice.Current), ids.narrow(1, 0, OracleSizes.Length - 1)], 1); // [B,T]
        var log = generator.LogProbabilities(inputs); // [B,T,V]
        PlainStep.Take(optimizer, generator, functional.nll_loss(log.reshape(-1, OracleSizes.Vocabulary), ids.reshape(-1)));
    }

    public void Dispose()
    {
        optimizer.Dispose();
        generator.Dispose();
        ids.Dispose();
    }
}
