using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Discriminators.Losses;

/// <summary>L_D = D(x̃) - D(x), L_G = -D(x̃) (1701.07875), with the gradient penalty of 1704.00028 in <see cref="Penalty"/>.</summary>
public sealed class WassersteinLoss : AdversarialLoss
{
    readonly double gradientPenalty;

    /// <param name="gradientPenalty">λ: weight of the gradient penalty; 0 leaves it out.</param>
    public WassersteinLoss(double gradientPenalty = 10) => this.gradientPenalty = gradientPenalty;

    public override Tensor DiscriminatorLoss(DiscriminatorOutput real, DiscriminatorOutput opposing)
    {
        using var scope = NewDisposeScope();
        return (opposing.SequenceLogits().mean() - real.SequenceLogits().mean()).MoveToOuterDisposeScope();
    }

    public override Tensor GeneratorLoss(DiscriminatorOutput generated, DiscriminatorOutput? real)
    {
        using var scope = NewDisposeScope();
        return (-generated.SequenceLogits()).MoveToOuterDisposeScope(); // [B]
    }

    /// <summary>λ E (‖∇D(x̂)‖₂ - 1)², already weighted; null where λ is 0.</summary>
    public override Tensor? Penalty(Discriminator discriminator, TextBatch real, TextBatch opposing)
    {
        if (gradientPenalty == 0) return null;
        using var scope = NewDisposeScope();
        return (Held(gradientPenalty) * GradientPenalty.Of(discriminator, real, opposing)).MoveToOuterDisposeScope();
    }

    public override Tensor Threshold(DiscriminatorOutput real, DiscriminatorOutput opposing) => Midpoint(real, opposing);
}
