namespace TextGan.Optimizers;

/// <summary>Adam (Kingma and Ba, 1412.6980); with weight decay it is the decoupled form, AdamW (1711.05101).</summary>
public sealed record AdamOptions : OptimizerOptions
{
    /// <summary>Step size. Default 0.001.</summary>
    [Range(0.0, 10.0)]
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Decay of the mean of gradients. Default 0.9; adversarial training often wants 0.5 or 0.</summary>
    [Range(0.0, 0.999999)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of squared gradients. Default 0.999.</summary>
    [Range(0.0, 0.9999999)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the denominator. Default 1e-8.</summary>
    [Range(0.0, 1.0)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Decoupled weight decay. Default 0.</summary>
    [Range(0.0, 10.0)]
    public double WeightDecay { get; init; }

    public override optim.Optimizer Build(OptimizerContext context) =>
        new FusedAdam(context.Parameters, LearningRate, Beta1, Beta2, Epsilon, WeightDecay);
}
