namespace TextGan.Discriminators.Losses;

/// <summary>
/// RSGAN (1807.00734, section 4.1): L_D = (-(D(x) - D(x̃))).Softplus(), L_G = (-(D(x̃) - D(x))).Softplus() over index-matched pairs.
/// The logit of a pair counts where both sides' masks do.
/// </summary>
public sealed class RelativisticLoss : AdversarialLoss
{
    public override bool GeneratorReadsReal => true;

    public override Tensor DiscriminatorLoss(DiscriminatorOutput real, DiscriminatorOutput opposing)
    {
        Logits.RequirePairs(real, opposing);
        return Beats(real, opposing).mean();
    }

    /// <summary>[B]: text i against real text i mod the number of real texts.</summary>
    public override Tensor GeneratorLoss(DiscriminatorOutput generated, DiscriminatorOutput? real)
    {
        ArgumentNullException.ThrowIfNull(real);
        return Beats(generated, Logits.Partners(real, generated.Logits.shape[0]));
    }

    public override Tensor Threshold(DiscriminatorOutput real, DiscriminatorOutput opposing) => Midpoint(real, opposing);

    static Tensor Beats(DiscriminatorOutput winner, DiscriminatorOutput loser) =>
        Logits.MeanOfEach((loser.Logits - winner.Logits).Softplus(), Logits.Common(winner.Mask, loser.Mask)); // [B]
}
