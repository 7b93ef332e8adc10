namespace TextGan.Optimizers;

/// <summary>Stochastic gradient descent with optional momentum.</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <summary>Step size. Default 0.01.</summary>
    [Range(0.0, 100.0)]
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Momentum. Default 0.</summary>
    [Range(0.0, 0.999999)]
    public double Momentum { get; init; }

    public override optim.Optimizer Build(OptimizerContext context) => new SgdOptimizer(context.Parameters, LearningRate, Momentum);
}
