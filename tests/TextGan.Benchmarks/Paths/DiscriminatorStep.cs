using TextGan.Discriminators;
using TextGan.Learning;
using TextGan.Optimizers;
using TextGan.Tokenization;
using TextGan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Paths;

/// <summary>
/// An update of the discriminator as adversarial training does it, its figures for the log included: 32 real texts, 32 generated ones.
/// </summary>
sealed class DiscriminatorStep : IBenchmarkPath
{
    const int Half = OracleSizes.Batch / 2;

    readonly DiscriminatorTrainer trainer;
    readonly EncodedSet data;
    readonly TextBatch generated;
    readonly StepValues values = new();

    public DiscriminatorStep()
    {
        var options = OracleSizes.Cnn with { Optimizer = new AdamOptions { LearningRate = 1e-4 }, ClipGradient = OracleSizes.ClipGradient };
        data = new EncodedSet("real", new MemoryRows(OracleSizes.Ids().cpu()), null, new MemoryRows(empty([0, OracleSizes.Length], int64)));
        generated = new TextBatch(OracleSizes.Ids(Half), null);
        trainer = new DiscriminatorTrainer(options, OracleSizes.Discriminator(), data, normalization: null, BenchmarkDevice.Current,
            endId: null, Half, seed: 1);
    }

    public void Run()
    {
        trainer.Learn(generated, 0, values);
        trainer.TakeStep();
        values.Read();
    }

    public void Dispose()
    {
        trainer.Dispose();
        data.Dispose();
        generated.Ids.Dispose();
        generated.Mask.Dispose();
    }
}
