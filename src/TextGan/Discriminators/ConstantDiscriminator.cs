namespace TextGan.Discriminators;

/// <summary>A control: the same logit for every text. It has no parameters, and no gradient crosses it.</summary>
public sealed class ConstantDiscriminator : Discriminator
{
    readonly double value;

    /// <param name="value">The logit.</param>
    public ConstantDiscriminator(double value) : base(nameof(ConstantDiscriminator))
    {
        this.value = value;
        RegisterComponents();
    }

    /// <summary>B texts → logits [B,1], on the tokens' device.</summary>
    public override DiscriminatorOutput forward(TextBatch tokens) => new(full([tokens.Batch, 1], Held(value), float32, tokens.Device));
}
