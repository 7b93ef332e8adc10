namespace TextGan.Training.Guards;

/// <summary>
/// Signs of failing training, and what happens when they appear. Without this section NaN or infinity stops the run, and the others give a
/// warning.
/// </summary>
public sealed record GuardsOptions : ComponentOptions
{
    /// <summary>A loss, term, gradient or weight that is NaN or infinite.</summary>
    public NotANumberGuardOptions NotANumber { get; init; } = new();

    /// <summary>A gradient of the generator whose norm is far too large.</summary>
    public ExplodingGradientGuardOptions ExplodingGradient { get; init; } = new();

    /// <summary>A discriminator that no generated text fools any more.</summary>
    public WinningDiscriminatorGuardOptions WinningDiscriminator { get; init; } = new();

    /// <summary>A discriminator that knows the pairs that it learns from by heart.</summary>
    public OverfittingDiscriminatorGuardOptions OverfittingDiscriminator { get; init; } = new();

    /// <summary>A generator that repeats itself.</summary>
    public ModeCollapseGuardOptions ModeCollapse { get; init; } = new();

    /// <summary>How training is rolled back, for guards with "roll-back".</summary>
    public RollBackOptions RollBack { get; init; } = new();
}
