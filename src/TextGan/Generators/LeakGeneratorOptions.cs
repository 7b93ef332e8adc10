namespace TextGan.Generators;

/// <summary>
/// LeakGAN's generator (Guo et al., 1709.08624): a discriminator leaks its features f_t of the text so far to a manager, an LSTM that
/// sets a goal g_t, a direction of length 1 among the features; the sum of the last c goals, mapped without bias to w_t, decides how a
/// worker, an LSTM over the tokens, draws the next one: logits O_t w_t / α with a matrix O_t [V,k] of its state. Sizes are those of the
/// published code at 20 tokens. It keeps a copy of the discriminator's weights, which is renewed whenever the discriminator has learnt;
/// until then, so in its pretraining, they are those that the discriminator begins with. Each token costs a pass of the discriminator.
/// Likelihood and policy gradients teach the worker; the manager learns in pretraining from where real texts go, then by
/// "regularizers.manager".
/// </summary>
public sealed record LeakGeneratorOptions : GeneratorOptions
{
    /// <summary>The discriminator whose features it reads: one that shows features of whole texts ("cnn", "bag", "lstm").</summary>
    [Required]
    public string Discriminator { get; init; } = "";

    /// <summary>E: the width of a token's embedding, which the worker reads. Default 32.</summary>
    [Range(1, 65536)]
    public int Embedding { get; init; } = 32;

    /// <summary>H: the width of the worker's state. Default 32.</summary>
    [Range(1, 65536)]
    public int Hidden { get; init; } = 32;

    /// <summary>The width of the manager's state. Default 32.</summary>
    [Range(1, 65536)]
    public int ManagerHidden { get; init; } = 32;

    /// <summary>k: the width of w_t; the output layer has (H + 1)·k weights for each token of the vocabulary. Default 16.</summary>
    [Range(1, 4096)]
    public int GoalSize { get; init; } = 16;

    /// <summary>c: over how many tokens a goal is to be reached, and how many goals are summed. Default 4.</summary>
    [Range(1, 65536)]
    public int Horizon { get; init; } = 4;

    /// <summary>
    /// α: what the logits are divided by, as a part of the model: texts are drawn and scored with it, in training and after. Sharper texts
    /// at the end (the published code multiplies the logits by 1.5 there) are "evaluation.sampling.temperature". Default 1.
    /// </summary>
    [Range(0.01, 100.0)]
    public double Temperature { get; init; } = 1;

    /// <summary>
    /// Every parameter is drawn from a normal distribution with mean 0 and this standard deviation; the published code has 0.1. Default:
    /// none, which means PyTorch's own initialisation.
    /// </summary>
    [Range(0.0, 100.0)]
    public double? InitialStandardDeviation { get; init; }

    /// <inheritdoc />
    public override string? ReadsFeaturesOf => Discriminator;

    /// <inheritdoc />
    public override bool HasGoals => true;

    /// <inheritdoc />
    public override Generator Build(GeneratorContext context) => new LeakGenerator(context.Features(Discriminator), context.VocabularySize,
        context.Length, Embedding, Hidden, ManagerHidden, GoalSize, Horizon, Temperature, InitialStandardDeviation, context.Device);
}
