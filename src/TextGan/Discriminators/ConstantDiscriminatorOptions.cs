using TorchSharp;

namespace TextGan.Discriminators;

/// <summary>
/// A control that gives every text the same logit and never learns. Whatever a generator gains with it does not come
/// from the discriminator.
/// </summary>
public sealed record ConstantDiscriminatorOptions : DiscriminatorOptions
{
    /// <summary>The logit of every text. Default 0: as likely real as not.</summary>
    public double Value { get; init; }

    public override bool Learns => false;

    public override bool? HasStepLogits => false;

    public override Discriminator Build(DiscriminatorContext context) => new ConstantDiscriminator(Value).to(context.Device);
}
