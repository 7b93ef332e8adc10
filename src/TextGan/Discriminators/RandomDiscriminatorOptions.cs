using TorchSharp;

namespace TextGan.Discriminators;

/// <summary>
/// A control that draws each text's logit from N(0,1) at every call and never learns: a reward of pure noise.
/// </summary>
public sealed record RandomDiscriminatorOptions : DiscriminatorOptions
{
    public override bool Learns => false;

    public override bool? HasStepLogits => false;

    public override Discriminator Build(DiscriminatorContext context) => new RandomDiscriminator().to(context.Device);
}
