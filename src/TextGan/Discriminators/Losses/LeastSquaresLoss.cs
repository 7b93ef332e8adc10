namespace TextGan.Discriminators.Losses;

/// <summary>L_D = ½ (D(x) - b)² + ½ (D(x̃) - a)²; L_G = ½ (D(x̃) - c)² (1611.04076, equation 2).</summary>
/// <param name="realTarget">b: what the discriminator should say of real texts.</param>
/// <param name="opposingTarget">a: what it should say of opposing texts.</param>
/// <param name="generatorTarget">c: what the generator wants it to say of its texts.</param>
public sealed class LeastSquaresLoss(double realTarget = 1, double opposingTarget = 0, double generatorTarget = 1) : AdversarialLoss
{
    public override Tensor DiscriminatorLoss(DiscriminatorOutput real, DiscriminatorOutput opposing) =>
        Distance(real, realTarget).mean().Plus(Distance(opposing, opposingTarget).mean());

    public override Tensor GeneratorLoss(DiscriminatorOutput generated, DiscriminatorOutput? real) =>
        Distance(generated, generatorTarget); // [B]

    /// <summary>Midway between the targets of real and opposing texts.</summary>
    public override Tensor Threshold(DiscriminatorOutput real, DiscriminatorOutput opposing) =>
        full([], Held((realTarget + opposingTarget) / 2), device: real.Logits.device);

    static Tensor Distance(DiscriminatorOutput output, double target) =>
        Logits.MeanOfEach((output.Logits - Held(target)).Squared() / Held(2), output.Mask);
}
