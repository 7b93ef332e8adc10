using TextGan.Native;

namespace TextGan.Discriminators;

/// <summary>
/// A control: a logit drawn from N(0,1) for each text at each call, from the global random state of the CPU whatever the
/// device. It has no parameters, and no gradient crosses it.
/// </summary>
public sealed class RandomDiscriminator : Discriminator
{
    public RandomDiscriminator() : base(nameof(RandomDiscriminator)) => RegisterComponents();

    /// <summary>B texts → logits [B,1], on the tokens' device.</summary>
    public override DiscriminatorOutput forward(TextBatch tokens) => new(DeviceCopy.Of(randn([tokens.Batch, 1]), tokens.Device));
}
