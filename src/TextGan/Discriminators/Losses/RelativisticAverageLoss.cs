namespace TextGan.Discriminators.Losses;

/// <summary>
/// RaSGAN (1807.00734, section 4.2): each text against the mean of the other side. With r and f for the means over texts of
/// D(x) and D(x̃): L_D = (-(D(x) - f)).Softplus() + (D(x̃) - r).Softplus(), the paper's sum (2 ln 2 at chance), and L_G the same with
/// the sides exchanged. Each of the S logits has a mean of its own over the texts in which it counts; where it counts in no text
/// of the other side there is nothing to compare with, and it is left out.
/// </summary>
public sealed class RelativisticAverageLoss : AdversarialLoss
{
    public override bool GeneratorReadsReal => true;

    public override Tensor DiscriminatorLoss(DiscriminatorOutput real, DiscriminatorOutput opposing) =>
        Above(real, opposing).mean().Plus(Below(opposing, real).mean());

    /// <summary>
    /// [B]: each text's own part, and in every row the same mean of the real texts' part, so that the mean of the rows is the paper's L_G.
    /// </summary>
    public override Tensor GeneratorLoss(DiscriminatorOutput generated, DiscriminatorOutput? real)
    {
        ArgumentNullException.ThrowIfNull(real);
        return Above(generated, real).Plus(Below(real, generated).mean());
    }

    public override Tensor Threshold(DiscriminatorOutput real, DiscriminatorOutput opposing) => Midpoint(real, opposing);

    static Tensor Above(DiscriminatorOutput output, DiscriminatorOutput other)
    {
        var (mean, exists) = Logits.MeanOverTexts(other);
        return Logits.MeanOfEach((mean - output.Logits).Softplus(), Counting(output, exists)); // [B]
    }

    static Tensor Below(DiscriminatorOutput output, DiscriminatorOutput other)
    {
        var (mean, exists) = Logits.MeanOverTexts(other);
        return Logits.MeanOfEach((output.Logits - mean).Softplus(), Counting(output, exists)); // [B]
    }

    /// <summary>[B,S], or null where all count.</summary>
    static Tensor? Counting(DiscriminatorOutput output, Tensor? exists) =>
        exists is null ? output.Mask : (output.Mask ?? ones_like(output.Logits)) * exists;
}
