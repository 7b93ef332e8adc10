using TextGan.Generators;
using TextGan.Optimizers;

namespace TextGan.Metrics.Judges;

/// <summary>
/// The log-likelihood of a text in nats per token, its end token included, under a language model that never saw training. The model learns
/// all training texts of the data set, of pairs both; it uses the experiment's tokenizer. With "epochs": 0 it stays as it is built, which
/// makes sense for a pretrained one.
/// </summary>
public sealed record LikelihoodJudgeOptions : GoldJudgeOptions
{
    /// <summary>The language model. Default: an LSTM.</summary>
    public GeneratorOptions Generator { get; init; } = new LstmGeneratorOptions();

    /// <summary>Passes over the texts. Default 10.</summary>
    [Range(0, 100_000)]
    public int Epochs { get; init; } = 10;

    /// <summary>Texts per update. Default 64.</summary>
    [Range(1, 1_000_000)]
    public int Batch { get; init; } = 64;

    /// <summary>Its optimiser. Default: Adam with learning rate 0.003.</summary>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions { LearningRate = 0.003 };

    /// <summary>The seed of its weights and of the order of the texts, so that all runs have the same judge. Default 1.</summary>
    [Range(0, int.MaxValue)]
    public int Seed { get; init; } = 1;

    public override bool Learns => true;

    public override GoldJudge Build(GoldJudgeContext context)
    {
        manual_seed(Seed);
        var model = Generator.BuildChecked(new GeneratorContext(
            context.Encoder.Tokenizer.VocabularySize, context.Encoder.Length, context.Device) { BaseFolder = context.BaseFolder });
        return new LikelihoodJudge(model, context.Encoder, context.Device, context.BatchSize)
            { Options = this, Texts = context.Data!.Train };
    }
}
