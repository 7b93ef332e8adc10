using TextGan.Benchmarks.Plain;
using static TextGan.Native.HeldScalars;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TextGan.Benchmarks.Paths;

/// <summary>One completion of one beginning after another, each judged as a batch of its own.</summary>
sealed class PlainRolloutStep : IBenchmarkPath
{
    readonly PlainGenerator generator = new(OracleSizes.Vocabulary, OracleSizes.Embedding, OracleSizes.Hidden);
    readonly PlainCnnDiscriminator discriminator =
        new(OracleSizes.Vocabulary, OracleSizes.Cnn.Embedding, OracleSizes.Cnn.Widths, OracleSizes.Cnn.Filters);
    readonly optim.Optimizer optimizer;

    public PlainRolloutStep()
    {
        optimizer = optim.Adam(generator.to(BenchmarkDevice.Current).parameters(), 0.01);
        discriminator.to(BenchmarkDevice.Current);
    }

    public void Run()
    {
        using var scope = NewDisposeScope();
        var (ids, rewards) = Judge(); // [B,T] each
        var inputs = cat([zeros(OracleSizes.Batch, 1, int64, BenchmarkDevice.Current), ids.narrow(1, 0, OracleSizes.Length - 1)], 1);
        var log = generator.LogProbabilities(inputs).gather(2, ids.unsqueeze(2)).squeeze(2); // [B,T]
        PlainStep.Take(optimizer, generator, -(log * rewards).mean());
    }

    (Tensor Ids, Tensor Rewards) Judge()
    {
        using var gradients = no_grad();
        var ids = generator.Complete(empty([OracleSizes.Batch, 0], int64, BenchmarkDevice.Current), OracleSizes.Length);
        var rewards = zeros(OracleSizes.Batch, OracleSizes.Length, device: BenchmarkDevice.Current);
        for (var n = 0; n < OracleSizes.Rollouts; n++)
            for (var t = 1; t <= OracleSizes.Length; t++)
            {
                using var scope = NewDisposeScope();
                var full = generator.Complete(ids.narrow(1, 0, t), OracleSizes.Length);
                rewards.select(1, t - 1)
                    .add_(functional.softmax(discriminator.OfIds(full), -1).select(1, 1), alpha: Held(1.0 / OracleSizes.Rollouts));
            }
        return (ids, rewards);
    }

    public void Dispose()
    {
        optimizer.Dispose();
        generator.Dispose();
        discriminator.Dispose();
    }
}
