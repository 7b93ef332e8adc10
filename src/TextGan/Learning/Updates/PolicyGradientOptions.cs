using TextGan.Generators.Sampling;
using TextGan.Learning.Baselines;
using TextGan.Learning.Credit;
using TextGan.Learning.Objectives;
using TextGan.Learning.Rewards;
using TextGan.Learning.Rollouts;
using TextGan.Learning.Updates.Losses;
using TextGan.Native;

namespace TextGan.Learning.Updates;

/// <summary>
/// Policy gradient: ∇E[r] = E[Σ_t (R_t - b_t) ∇ log p(x_t | x_&lt;t)] (REINFORCE; Williams, 1992), or with another loss of the advantages.
/// </summary>
public sealed record PolicyGradientOptions : EstimatorOptions
{
    /// <summary>
    /// What a judgement becomes as a reward. Default "logit": the logit D. All but "negative-loss" look at the logit alone, whatever the
    /// discriminator's loss.
    /// </summary>
    public RewardTransformOptions Reward { get; init; } = new LogitRewardOptions();

    /// <summary>How a text's reward is assigned to its tokens. Default: every token gets the reward of the whole sequence.</summary>
    public CreditOptions Credit { get; init; } = new SequenceCreditOptions();

    /// <summary>
    /// Replaces the rewards of each position by a function of their rank among the batch's texts, or the group's (LeakGAN's bootstrapped
    /// rescaled activation), after the credit and before normalisation and baseline. The logged rewards stay what they were. Null
    /// (default): rewards are taken as they are.
    /// </summary>
    public RankRescalingOptions? RankRescaling { get; init; }

    /// <summary>What is subtracted to reduce variance. Default: leave-one-out mean over the batch, or over the group.</summary>
    public BaselineOptions Baseline { get; init; } = new LeaveOneOutBaselineOptions();

    /// <summary>How advantages become a loss. Default: "reinforce". Several updates per batch need another, such as "clipped".</summary>
    public PolicyLossOptions Loss { get; init; } = new ReinforceLossOptions();

    /// <summary>
    /// G: texts per group. A group's texts answer one prompt or, without prompts, are only compared with one another. "training.batch" must
    /// be a multiple of it. null (default): no groups.
    /// </summary>
    [Range(1, 1_000_000)]
    public int? GroupSize { get; init; }

    /// <summary>Passes over each batch of texts. Default 1.</summary>
    [Range(1, 1000)]
    public int Epochs { get; init; } = 1;

    /// <summary>Updates per epoch, each from an equal part of the batch. Default 1.</summary>
    [Range(1, 100_000)]
    public int Minibatches { get; init; } = 1;

    /// <summary>
    /// Whether texts that have not ended within "length" count: "keep" (default) or "mask". Without an end token in the vocabulary no text
    /// is cut.
    /// </summary>
    public TruncatedTexts Truncated { get; init; }

    /// <inheritdoc />
    public override bool NeedsRelaxedTokens => false;

    /// <inheritdoc />
    public override bool ShowsPlainSamples => true;

    /// <inheritdoc />
    public override bool LearnsFromLosses => Reward.BuildChecked(new BuildContext()).ReadsLoss;

    public override string? WhyNoExactGradient =>
        Epochs * Minibatches > 1 || Loss is not ReinforceLossOptions { LengthNormalization: LengthNormalization.None }
            ? "only the loss \"reinforce\" without length normalisation, in one pass, has the gradient of an expected reward"
        : Credit is StepCreditOptions ? "the credit 'per-step' gives each token a return of its own"
        : Credit is RolloutCreditOptions { Lag: > 0 } ? "a lagging copy of the generator completes the texts"
        : Reward is MaliGanRewardOptions ? "the reward 'maligan' of a text depends on the others of the batch"
        : RankRescaling is not null ? "with 'rankRescaling' the reward of a text depends on the others of the batch"
        : Truncated == TruncatedTexts.Mask ? "texts that are masked have no gradient"
        : null;

    /// <inheritdoc />
    public override IEnumerable<Problem> Validate(string path)
    {
        if (Epochs * Minibatches > 1 && Loss.IsOnPolicyOnly)
            yield return new($"{path}.loss",
                $"this loss is only valid for texts that the generator has just written, but {Epochs} × {Minibatches} updates (epochs × " +
                $"minibatches) are made from each batch, and after the first the generator is another; take another, " +
                $"such as \"clipped\", or leave both at 1.");
        if (Baseline is CriticBaselineOptions { Lambda: < 1 } && Credit is RolloutCreditOptions)
            yield return new($"{path}.baseline.lambda",
                "the returns of the credit 'rollouts' are estimates for each prefix, not sums of rewards that a critic could take the " +
                "place of; leave it at 1, or take the credit 'sequence' or 'per-step'.");
        if (RankRescaling is not null && Baseline is CriticBaselineOptions { Lambda: < 1 })
            yield return new($"{path}.baseline.lambda",
                "'rankRescaling' leaves no sums of rewards that a critic could take the place of; leave it at 1, or take another " +
                "baseline.");
        if (GroupSize == 1 && RankRescaling is not null)
            yield return new($"{path}.groupSize",
                "a group of 1 has no other text that 'rankRescaling' could rank it among; take 2 or more, or leave it out.");
        if (GroupSize == 1 && Baseline is LeaveOneOutBaselineOptions)
            yield return new($"{path}.groupSize",
                "a group of 1 has no other text whose reward \"leave-one-out\" could take the mean of; take 2 or more, or another " +
                "baseline.");
    }

    public override UpdateRule Build(EstimatorContext context)
    {
        using var unfinished = new Unfinished();
        // Signals that are summed first need one baseline, that of the sum.
        var signals = context.Judges.Count + (context.Kl is null ? 0 : 1);
        var baselines = Enumerable.Range(0, context.OfSum is null ? signals : 1)
            .Select(_ => unfinished.Add(Baseline.BuildChecked(new BaselineContext(context.HiddenSize, context.Device)))).ToArray();
        return unfinished.Finish(new PolicyGradientUpdate(
            Reward.BuildChecked(new BuildContext()), unfinished.Add(Credit.BuildChecked(new CreditContext { Copy = context.Copy })),
                new AdvantageCombination(baselines, context.OfSum?.Build()),
            Loss.BuildChecked(new BuildContext()), new RolloutCollector(new SamplingOptions(), GroupSize), Epochs, Minibatches,
            context.Kl is { } kl ? new KlReward(kl.Estimator, (Credit as StepCreditOptions)?.Discount ?? 1) : null, Truncated,
            context.Weights, RankRescaling));
    }
}
