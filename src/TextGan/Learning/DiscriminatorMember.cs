using TextGan.Discriminators;
using TorchSharp.Modules;

namespace TextGan.Learning;

/// <summary>A model that learns alone: a discriminator, or one member of an ensemble.</summary>
/// <param name="model">The model.</param>
/// <param name="real">Its real side.</param>
/// <param name="opposing">Its opposing side.</param>
sealed class DiscriminatorMember(Discriminator model, RealSide real, OpposingSide opposing) : IStateful
{
    public Discriminator Model { get; } = model;

    public Parameter[] Parameters { get; } = [.. model.parameters()];

    public RealSide Real { get; } = real;

    public OpposingSide Opposing { get; } = opposing;

    public void Save(StateBag bag) => Real.Save(bag);

    public void Load(StateBag bag) => Real.Load(bag);
}
