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
        var discrepancy = MeanOfOthers(kernel(known, known)).mean().Plus(MeanOfOthers(kernel(made, made)).mean())
            - kernel(made, known).mean() * Held(2);
        return loss - discrepancy * Held(λ);
    }

    /// <summary>
    /// [B]: 2 mean_{j≠i} k(x̃_i,x̃_j) - 2 mean_j k(x̃_i,x_j), with x̃_j held fixed, plus a term that all rows share and that makes their mean
    /// the unbiased estimate of MMD² (Gretton et al. 2012, equation 3). So the gradient of the mean is that of the estimate; where rows are
    /// rewards, so is the expected one, as a text is in each pair of generated texts twice, once on each side. A text is not paired with
    /// itself: else a generator that is right already would lower the loss by writing more similar texts.
    /// </summary>
    public override Tensor GeneratorLoss(DiscriminatorOutput generated, DiscriminatorOutput? real)
    {
        ArgumentNullException.ThrowIfNull(real);
        var (made, known) = (generated.RequireFeatures(), real.RequireFeatures().detach()); // [B,F] and [M,F]
        var kernel = KernelOf(known, made);
        var among = MeanOfOthers(kernel(made, made.detach())); // [B]
        var across = kernel(made, known).mean([1]); // [B]
        var common = MeanOfOthers(kernel(known, known)).mean() - among.detach().mean();
        return ((among - across) * Held(2)).Plus(common);
    }

    /// <summary>[n,n] → [n]: each row's mean without the diagonal, on which the kernel is 1; 0 if n is 1.</summary>
    static Tensor MeanOfOthers(Tensor kernel) => (kernel.sum(1) - Held(1)) / Held(Math.Max(kernel.shape[0] - 1, 1));

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
