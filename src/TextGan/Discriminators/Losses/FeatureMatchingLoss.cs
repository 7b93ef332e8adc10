namespace TextGan.Discriminators.Losses;

/// <summary>
/// L_G = MMD² of features (<see cref="FeatureMatchingLossOptions"/>); L_D = the cross-entropy - λ MMD².
/// </summary>
/// <param name="widths">Of the kernels, in units of the mean squared distance.</param>
/// <param name="λ">The discriminator's weight of MMD².</param>
/// <param name="classification">What its logits learn.</param>
public sealed class FeatureMatchingLoss(IReadOnlyList<double> widths, double λ, NonSaturatingLoss classification) : AdversarialLoss
{
    public override bool GeneratorReadsReal => true;

    public override Tensor DiscriminatorLoss(DiscriminatorOutput real, DiscriminatorOutput opposing)
    {
        var loss = classification.DiscriminatorLoss(real, opposing);
        if (λ == 0) return loss;
        var (known, made) = (real.RequireFeatures(), opposing.RequireFeatures());
        var kernel = KernelOf(known, made);
        var discrepancy = kernel(known, known).mean().Plus(kernel(made, made).mean()) - kernel(made, known).mean() * Held(2);
        return loss - discrepancy * Held(λ);
    }

    /// <summary>
    /// [B]: 2 mean_j k(x̃_i,x̃_j) - 2 mean_j k(x̃_i,x_j), with x̃_j held fixed, plus what is the same for all rows and makes their mean the
    /// MMD². So the gradient of the mean is that of the MMD², and, where rows are rewards, the expected one is, too, but for terms of 1/B:
    /// a text is in every pair of generated ones twice, once on each side.
    /// </summary>
    public override Tensor GeneratorLoss(DiscriminatorOutput generated, DiscriminatorOutput? real)
    {
        ArgumentNullException.ThrowIfNull(real);
        var (made, known) = (generated.RequireFeatures(), real.RequireFeatures().detach()); // [B,F] and [M,F]
        var kernel = KernelOf(known, made);
        var among = kernel(made, made.detach()).mean([1]); // [B]
        var across = kernel(made, known).mean([1]); // [B]
        var common = kernel(known, known).mean() - among.detach().mean();
        return ((among - across) * Held(2)).Plus(common);
    }

    /// <summary>k(a,b): [n,F] and [m,F] → [n,m]; its scale is that of both sides' features and has no gradient.</summary>
    Func<Tensor, Tensor, Tensor> KernelOf(Tensor known, Tensor made)
    {
        Tensor scale;
        using (no_grad())
        {
            var all = cat([known, made]);
            scale = SquaredDistances.Of(all, all).mean().clamp_min(Held(1e-12));
        }
        return (a, b) =>
        {
            var squared = SquaredDistances.Of(a, b) / scale; // [n,m]
            return widths.Select(width => (squared * Held(-0.5 / width)).exp()).Aggregate((one, other) => one.Plus(other))
                / Held(widths.Count);
        };
    }
}
