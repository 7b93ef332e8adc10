using TorchSharp;

namespace TextGan.Discriminators;

/// <summary>
/// A control that draws each text's logit from N(0,1) at every call and never learns: a reward of pure noise.
/// </summary>
public sealed record RandomDiscriminatorOptions : DiscriminatorOptions
{
    [JsonIgnore]
    public override bool Learns => false;

    [JsonIgnore]
    public override bool? HasStepLogits => false;

    public override Discriminator Build(DiscriminatorContext context) => new RandomDiscriminator().to(context.Device);
}
