namespace TextGan.Discriminators.Losses;

/// <summary>L_D = D(x̃) - D(x), L_G = -D(x̃) (1701.07875), with the gradient penalty of 1704.00028 in <see cref="Penalty"/>.</summary>
/// <param name="gradientPenalty">λ: weight of the gradient penalty; 0 leaves it out.</param>
public sealed class WassersteinLoss(double gradientPenalty = 10) : AdversarialLoss
{
    public override Tensor DiscriminatorLoss(DiscriminatorOutput real, DiscriminatorOutput opposing) =>
        opposing.SequenceLogits().mean() - real.SequenceLogits().mean();

    public override Tensor GeneratorLoss(DiscriminatorOutput generated, DiscriminatorOutput? real) => -generated.SequenceLogits(); // [B]

    /// <summary>λ E (‖∇D(x̂)‖₂ - 1)², already weighted; null where λ is 0.</summary>
    public override Tensor? Penalty(Discriminator discriminator, TextBatch real, TextBatch opposing) =>
        gradientPenalty == 0 ? null : Held(gradientPenalty) * GradientPenalty.Of(discriminator, real, opposing);

    public override Tensor Threshold(DiscriminatorOutput real, DiscriminatorOutput opposing) => Midpoint(real, opposing);
}
