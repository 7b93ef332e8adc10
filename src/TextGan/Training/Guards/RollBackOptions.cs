namespace TextGan.Training.Guards;

/// <summary>How training is rolled back.</summary>
public sealed record RollBackOptions : ComponentOptions
{
    /// <summary>
    /// What the learning rate is multiplied with: the discriminator's where it wins, the generator's where its gradient explodes or its
    /// modes collapse, all where something is not a number. Roll-backs add up. Default 0.5.
    /// </summary>
    [Range(1e-6, 1.0)]
    public double Factor { get; init; } = 0.5;

    /// <summary>Roll-backs in a phase (pretraining; all that is adversarial) at most; the next one stops the run. Default 3.</summary>
    [Range(1, 1000)]
    public int Maximum { get; init; } = 3;
}
