using TextGan.Problems;

namespace TextGan.Training.Guards;

/// <summary>
/// What training must not do, and what happens when it does. Without this section a value that is not a number stops the run,
/// and the rest is worth a warning.
/// </summary>
public sealed record GuardsOptions : ComponentOptions
{
    /// <summary>A loss, term, gradient or weight that is NaN or infinite.</summary>
    public NotANumberGuardOptions NotANumber { get; init; } = new();

    /// <summary>A gradient of the generator that is far too long.</summary>
    public ExplodingGradientGuardOptions ExplodingGradient { get; init; } = new();

    /// <summary>A discriminator that no generated text deceives any more.</summary>
    public WinningDiscriminatorGuardOptions WinningDiscriminator { get; init; } = new();

    /// <summary>A generator that writes the same over and over.</summary>
    public ModeCollapseGuardOptions ModeCollapse { get; init; } = new();

    /// <summary>How it is rolled back, where an action says so.</summary>
    public RollBackOptions RollBack { get; init; } = new();
}
