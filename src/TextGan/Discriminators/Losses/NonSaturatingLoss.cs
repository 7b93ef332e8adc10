namespace TextGan.Discriminators.Losses;

/// <summary>
/// L_D = ½ softplus(-D(x)) + ½ softplus(D(x̃)), half the sum in 1406.2661, equation 1, so that it is the cross-entropy over
/// both sides (ln 2 for a judge that knows nothing); with label smoothing α (1606.03498, section 3.2) the first part is
/// ½ ((1 - α) softplus(-D(x)) + α softplus(D(x))). L_G = (-D(x̃)).Softplus() (section 3).
/// </summary>
/// <param name="smoothing">α.</param>
public sealed class NonSaturatingLoss(double smoothing = 0) : AdversarialLoss
{
    public override Tensor DiscriminatorLoss(DiscriminatorOutput real, DiscriminatorOutput opposing)
    {
        var ofReal = (-real.Logits).Softplus();
        if (smoothing > 0) ofReal = ofReal.Plus(real.Logits * Held(smoothing)); // softplus(D) = softplus(-D) + D
        var known = Logits.MeanOfEach(ofReal, real.Mask).mean();
        var unmasked = Logits.MeanOfEach(opposing.Logits.Softplus(), opposing.Mask).mean();
        return known.Plus(unmasked) / Held(2);
    }

    public override Tensor GeneratorLoss(DiscriminatorOutput generated, DiscriminatorOutput? real) =>
        Logits.MeanOfEach((-generated.Logits).Softplus(), generated.Mask); // [B]
}
