using TextGan.Generators;
using TextGan.Optimizers;
using TextGan.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Paths;

/// <summary>A maximum-likelihood step as pretraining does it.</summary>
sealed class LikelihoodStep : IBenchmarkPath
{
    readonly Generator generator;
    readonly Parameter[] parameters;
    readonly optim.Optimizer optimizer;
    readonly Tensor ids, mask;

    /// <param name="generator">Belongs to the path; null: the oracle's.</param>
    /// <param name="batch">B.</param>
    /// <param name="length">T.</param>
    public LikelihoodStep(Generator? generator = null, int batch = OracleSizes.Batch, int length = OracleSizes.Length)
    {
        this.generator = generator ??= OracleSizes.Generator();
        ids = randint(0, generator.VocabularySize, [batch, length], int64, BenchmarkDevice.Current);
        mask = ones(batch, length, device: BenchmarkDevice.Current);
        parameters = [.. generator.parameters()];
        optimizer = new AdamOptions { LearningRate = 0.01 }.Build(new OptimizerContext(parameters));
    }

    public void Run()
    {
        using var scope = NewDisposeScope();
        var loss = TeacherForcing.Loss(generator, ids, mask, OracleSizes.StartId);
        optimizer.zero_grad();
        loss.backward();
        GradientNorm.Clip(parameters, OracleSizes.ClipGradient);
        optimizer.step();
    }

    public void Dispose()
    {
        optimizer.Dispose();
        generator.Dispose();
        ids.Dispose();
        mask.Dispose();
    }
}
