using TextGan.Learning.Baselines;
using TextGan.Learning.Credit;
using TextGan.Learning.Rewards;
using TextGan.Native;

namespace TextGan.Learning.Updates;

/// <summary>What number a discriminator's judgement of a text becomes as a reward: a function of its logit D, or of its loss.</summary>
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

    /// <summary>Minus the text's own term of the generator's loss under the discriminator's loss: what Gumbel-softmax lowers.</summary>
    NegativeLoss,
}

/// <summary>REINFORCE (Williams, 1992): ∇E[r] = E[Σ_t (R_t - b_t) ∇ log p(x_t | x_&lt;t)].</summary>
public sealed record ReinforceOptions : EstimatorOptions
{
    /// <summary>
    /// What a judgement becomes as a reward. "logit" (default): the logit D. "probability": σ(D), SeqGAN's. "signed-probability": 2σ(D) - 1,
    /// ScratchGAN's. "log-probability": log σ(D). These look at the logit alone, whatever the discriminator's loss. "negative-loss": minus the
    /// text's own generator loss under the discriminator's loss, with its targets and its comparison with real texts, for example
    /// -½ (D - generatorTarget)² for "least-squares"; where texts are compared with the mean of the others, only its own side is credited.
    /// </summary>
    public RewardScale Reward { get; init; } = RewardScale.Logit;

    /// <summary>How reward is given to tokens. Default: every token gets the reward of the whole sequence.</summary>
    public CreditOptions Credit { get; init; } = new SequenceCreditOptions();

    /// <summary>What is subtracted to reduce variance. Default: leave-one-out mean over the batch.</summary>
    public BaselineOptions Baseline { get; init; } = new LeaveOneOutBaselineOptions();

    /// <inheritdoc />
    public override bool NeedsRelaxedTokens => false;

    /// <inheritdoc />
    public override bool ShowsPlainSamples => true;

    public override UpdateRule Build(EstimatorContext context)
    {
        using var unfinished = new Unfinished();
        return unfinished.Finish(new PolicyGradientUpdate(
            Reward, CheckedCredit.Build(Credit), [.. context.Adversaries.Select(_ => unfinished.Add(CheckedBaseline.Build(Baseline, context.HiddenSize, context.Device)))]));
    }
}
