using TextGan.Discriminators;
using TorchSharp.Modules;

namespace TextGan.Learning;

/// <summary>A model that learns alone, a discriminator or one member of an ensemble, and what it learns from.</summary>
/// <param name="model">The model; not disposed of with this.</param>
/// <param name="real">Its real side; null for one that does not learn.</param>
/// <param name="opposing">Its opposing side.</param>
/// <param name="spectralNorm">What normalises its weights, or null.</param>
sealed class DiscriminatorMember(Discriminator model, RealSide? real, OpposingSide opposing, SpectralNorm? spectralNorm)
    : IStateful, IDisposable
{
    public Discriminator Model { get; } = model;

    /// <summary>What its optimiser moves.</summary>
    public Parameter[] Parameters { get; } = [.. spectralNorm?.Parameters ?? model.parameters()];

    public RealSide? Real { get; } = real;

    public OpposingSide Opposing { get; } = opposing;

    public SpectralNorm? SpectralNorm { get; } = spectralNorm;

    public void Save(StateBag bag)
    {
        Real?.Save(bag);
        Opposing.Save(bag);
        SpectralNorm?.Save(bag.Scope("spectral-norm"));
    }

    public void Load(StateBag bag)
    {
        Real?.Load(bag);
        Opposing.Load(bag);
        SpectralNorm?.Load(bag.Scope("spectral-norm"));
    }

    public void Dispose()
    {
        Opposing.Dispose();
        SpectralNorm?.Dispose();
    }
}
