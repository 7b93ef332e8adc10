namespace TextGan.Optimizers;

/// <summary>RMSprop (Tieleman and Hinton, lecture 6e), the optimiser of the Wasserstein GAN paper.</summary>
public sealed record RmsPropOptions : OptimizerOptions
{
    /// <summary>Step size. Default 5e-5.</summary>
    [Range(0.0, 10.0)]
    public double LearningRate { get; init; } = 5e-5;

    /// <summary>Decay of the mean of squared gradients. Default 0.99.</summary>
    [Range(0.0, 0.999999)]
    public double Alpha { get; init; } = 0.99;

    public override optim.Optimizer Build(OptimizerContext context) => new RmsPropOptimizer(context.Parameters, LearningRate, Alpha);
}
