using TorchSharp;

namespace TextGan.Discriminators;

/// <summary>
/// An LSTM that reads the text token by token and gives one logit for the text, or one for each token from what came before
/// (ScratchGAN 1905.09922). Tokens after the end of a text are not read.
/// </summary>
public sealed record LstmDiscriminatorOptions : DiscriminatorOptions
{
    /// <summary>Width of a token's embedding. Default 64.</summary>
    [Range(1, 65_536)]
    public int Embedding { get; init; } = 64;

    /// <summary>Standard deviation of the initial embeddings. Default 1.</summary>
    [Range(1e-6, 100.0)]
    public double EmbeddingDeviation { get; init; } = 1;

    /// <summary>Width of the state. Default 128.</summary>
    [Range(1, 65_536)]
    public int Hidden { get; init; } = 128;

    /// <summary>LSTM layers, in each direction. Default 1.</summary>
    [Range(1, 64)]
    public int Layers { get; init; } = 1;

    /// <summary>Whether the text is read from its end as well; only with the output "sequence". Default false.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>"sequence" (default): one logit for a text. "per-step": one for each token, which gives rewards for each step.</summary>
    public LstmOutput Output { get; init; } = LstmOutput.Sequence;

    /// <summary>Share that is left out at random between layers and before the logit while it learns. Default 0.</summary>
    [Range(0.0, 0.99)]
    public double Dropout { get; init; }

    public override bool? HasStepLogits => Output == LstmOutput.PerStep;

    public override bool HasFeatures => Output != LstmOutput.PerStep;

    public override IEnumerable<Problem> Validate(string path)
    {
        foreach (var problem in base.Validate(path)) yield return problem;
        if (Bidirectional && Output == LstmOutput.PerStep)
            yield return new Problem($"{path}.bidirectional",
                "is true with the output \"per-step\": a step's logit would see what follows it; set it to false, or the output to " +
                "\"sequence\".");
    }

    public override Discriminator Build(DiscriminatorContext context) =>
        new LstmDiscriminator(context.VocabularySize, Embedding, Hidden, Layers, Bidirectional, Output, Dropout, EmbeddingDeviation)
            .to(context.Device);
}
