using TextGan.Estimators.Baselines;
using TextGan.Estimators.Credit;

namespace TextGan.Estimators;

/// <summary>What number a discriminator's logit D becomes as a reward.</summary>
public enum RewardScale
{
    /// <summary>D itself.</summary>
    Logit,

    /// <summary>σ(D), SeqGAN's.</summary>
    Probability,

    /// <summary>2σ(D) - 1, ScratchGAN's.</summary>
    SignedProbability,

    /// <summary>log σ(D).</summary>
    LogProbability,
}

/// <summary>REINFORCE (Williams, 1992): ∇E[r] = E[Σ_t (R_t - b_t) ∇ log p(x_t | x_&lt;t)].</summary>
public sealed record ReinforceOptions : EstimatorOptions
{
    /// <summary>What a logit becomes as a reward. Default: the logit.</summary>
    public RewardScale Reward { get; init; } = RewardScale.Logit;

    /// <summary>How reward is given to tokens. Default: every token gets the reward of the whole sequence.</summary>
    public CreditOptions Credit { get; init; } = new SequenceCreditOptions();

    /// <summary>What is subtracted to reduce variance. Default: leave-one-out mean over the batch.</summary>
    public BaselineOptions Baseline { get; init; } = new LeaveOneOutBaselineOptions();

    /// <inheritdoc />
    public override bool NeedsRelaxedTokens => false;

    /// <inheritdoc />
    public override bool ShowsPlainSamples => true;

    public override GradientEstimator Build(EstimatorContext context) => new ReinforceEstimator(
        Reward, CheckedCredit.Build(Credit), [.. context.Adversaries.Select(_ => CheckedBaseline.Build(Baseline, context.HiddenSize, context.Device))]);
}
