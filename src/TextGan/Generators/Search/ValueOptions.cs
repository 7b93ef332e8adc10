using TextGan.Optimizers;
using OptimizerOptions = TextGan.Optimizers.OptimizerOptions;

namespace TextGan.Generators.Search;

/// <summary>A learnt value of beginnings: a two-layer network on the generator's hidden states, fitted to the rewards of texts.</summary>
public sealed record ValueOptions : ComponentOptions
{
    /// <summary>Width of its hidden layer. Default 128.</summary>
    [Range(1, 65_536)]
    public int Hidden { get; init; } = 128;

    /// <summary>Its optimiser. Default: Adam with learning rate 0.001.</summary>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    /// <summary>Updates each time that it learns, each from texts drawn from those found. Default 10.</summary>
    [Range(0, 1_000_000)]
    public int Steps { get; init; } = 10;

    /// <summary>Texts in an update. Default 256.</summary>
    [Range(1, 1_000_000)]
    public int Batch { get; init; } = 256;

    public ValueNetwork Build(int hiddenSize, Device device) => new(hiddenSize, Hidden, Optimizer, device);
}
