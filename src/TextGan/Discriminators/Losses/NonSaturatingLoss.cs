namespace TextGan.Discriminators.Losses;

/// <summary>
/// L_D = ½ softplus(-D(x)) + ½ softplus(D(x̃)), half the sum in 1406.2661, equation 1, so that it is the cross-entropy over
/// both sides (ln 2 for a judge that knows nothing); L_G = (-D(x̃)).Softplus() (section 3).
/// </summary>
public sealed class NonSaturatingLoss : AdversarialLoss
{
    public override Tensor DiscriminatorLoss(DiscriminatorOutput real, DiscriminatorOutput opposing)
    {
        var known = Logits.MeanOfEach((-real.Logits).Softplus(), real.Mask).mean();
        var unmasked = Logits.MeanOfEach(opposing.Logits.Softplus(), opposing.Mask).mean();
        return known.Plus(unmasked) / Held(2);
    }

    public override Tensor GeneratorLoss(DiscriminatorOutput generated, DiscriminatorOutput? real) =>
        Logits.MeanOfEach((-generated.Logits).Softplus(), generated.Mask); // [B]
}
