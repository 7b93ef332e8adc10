using TextGan.Generators;
using TextGan.Generators.Pretrained;
using TextGan.Optimizers;

namespace TextGan.Learning.Objectives.Regularizers;

/// <summary>
/// Cooperative training (CoT; Lu et al., 1804.03782): a mediator, a language model of its own, learns the likelihood of the even mixture of
/// real texts and the generator's, one update in each update of the generator, and the generator lowers KL(generator ‖ mediator) of the
/// next-token distributions at the tokens of its texts, summed over the vocabulary, mean over the tokens of the responses; the written
/// prefixes are held fixed. With the best mediator its gradient is twice that of the Jensen-Shannon divergence, prefixes apart. With it the
/// adversarial phase needs no discriminator.
/// </summary>
public sealed record MediatorOptions : ComponentOptions
{
    /// <summary>The weight of the divergence, in nats per token. A combiner with schedules may change it. Default 1.</summary>
    [Range(0.0, 1e6)]
    public double Weight { get; init; } = 1;

    /// <summary>The data set of the real texts; null (default) means the pretraining's.</summary>
    public string? Data { get; init; }

    /// <summary>
    /// The mediator's model, with random weights, of any kind but "pretrained". Null (default): a copy of the generator as it is when the
    /// phase begins.
    /// </summary>
    public GeneratorOptions? Model { get; init; }

    /// <summary>Its optimiser. Default: Adam with learning rate 0.001.</summary>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    /// <summary>Largest norm of its gradient; a larger one is clipped to it. 0 turns clipping off. Default 5.</summary>
    [Range(0.0, 1e9)]
    public double ClipGradient { get; init; } = 5;

    /// <inheritdoc />
    public override IEnumerable<Problem> Validate(string path)
    {
        if (Model is PretrainedGeneratorOptions)
            yield return new($"{path}.model",
                "a mediator does not begin with a model of a folder; take another kind, or leave it out for a copy of the generator.");
    }
}
