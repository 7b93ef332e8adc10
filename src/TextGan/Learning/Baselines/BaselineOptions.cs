using TextGan.Optimizers;

namespace TextGan.Learning.Baselines;

/// <summary>What is subtracted from the reward: it lowers the gradient's variance and leaves its expectation unchanged.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(NoBaselineOptions), "none")]
[JsonDerivedType(typeof(MovingAverageBaselineOptions), "moving-average")]
[JsonDerivedType(typeof(LeaveOneOutBaselineOptions), "leave-one-out")]
[JsonDerivedType(typeof(CriticBaselineOptions), "critic")]
[JsonDerivedType(typeof(ConstantBaselineOptions), "constant")]
public abstract record BaselineOptions : ComponentOptions<BaselineContext, Baseline>;

/// <summary>The run-time facts that a baseline is built from beside its options.</summary>
/// <param name="HiddenSize">H of the generator.</param>
/// <param name="Device">The generator's device.</param>
public sealed record BaselineContext(int HiddenSize, Device Device);

/// <summary>No baseline.</summary>
public sealed record NoBaselineOptions : BaselineOptions
{
    public override Baseline Build(BaselineContext context) => new NoBaseline();
}

/// <summary>
/// The moving average of earlier batches' mean reward: b ← decay·b + (1 - decay)·mean, after its use, so that it is independent of the
/// batch and the estimate stays unbiased (ScratchGAN has decay 0.08 and subtracts the updated value).
/// </summary>
public sealed record MovingAverageBaselineOptions : BaselineOptions
{
    /// <summary>Share of the old value that is kept. Default 0.92.</summary>
    [Range(0.0, 0.999999)]
    public double Decay { get; init; } = 0.92;

    public override Baseline Build(BaselineContext context) => new MovingAverageBaseline(Decay);
}

/// <summary>The mean reward of the other samples of the batch, step by step (Kool et al., 2019).</summary>
public sealed record LeaveOneOutBaselineOptions : BaselineOptions
{
    public override Baseline Build(BaselineContext context) => new LeaveOneOutBaseline();
}

/// <summary>
/// A learnt value of each prefix: a two-layer network on the generator's hidden states (detached), fitted to the returns by least squares.
/// </summary>
public sealed record CriticBaselineOptions : BaselineOptions
{
    /// <summary>Its optimiser. Default: Adam with learning rate 0.001.</summary>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    /// <summary>Width of its hidden layer. Default 128.</summary>
    [Range(1, 65_536)]
    public int Hidden { get; init; } = 128;

    /// <summary>
    /// λ of generalised advantage estimation (Schulman et al., 1506.02438, equation 16), with the credit's discount as γ: 1 (default) uses
    /// the returns alone, less relies on the critic for later tokens, with less variance and, unless the critic is right, a bias.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Lambda { get; init; } = 1;

    /// <summary>
    /// Whether it also learns in each later pass over a batch ("epochs" × "minibatches"), from the texts of that pass, as in PPO. Default
    /// false: one update per batch.
    /// </summary>
    public bool EveryPass { get; init; }

    /// <summary>
    /// ε of the clipped value loss, max((v - R)², (clip(v, v_old - ε, v_old + ε) - R)²) (Engstrom et al., 2005.12729, section 3), in units
    /// of the returns; for later passes, with "everyPass". 0 (default): not clipped.
    /// </summary>
    [Range(0.0, 1e6)]
    public double Clip { get; init; }

    /// <inheritdoc />
    public override IEnumerable<Problem> Validate(string path)
    {
        if (Clip > 0 && !EveryPass)
            yield return new($"{path}.clip",
                "in the first pass over a batch the value is the old one, so that there is nothing to clip; set \"everyPass\" to true, " +
                "or leave it at 0.");
    }

    public override Baseline Build(BaselineContext context) =>
        new CriticBaseline(context.HiddenSize, Hidden, Optimizer, context.Device, Lambda, EveryPass, Clip);
}
