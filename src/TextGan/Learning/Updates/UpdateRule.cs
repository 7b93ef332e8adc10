using TextGan.Generators.Sampling;
using TextGan.Generators.Search;
using TextGan.Learning.Objectives;
using TextGan.Learning.Rewards;
using TextGan.Learning.Rollouts;

namespace TextGan.Learning.Updates;

/// <summary>
/// Carries the discriminators' judgement of discrete tokens to the generator's parameters. It makes one rollout and, for each of the
/// optimiser's steps on it, one term per discriminator; how the terms are weighed is not its concern.
/// </summary>
public abstract partial class UpdateRule : LearningPart
{
    /// <summary>Steps of the generator's optimiser for each rollout.</summary>
    public virtual int Passes => 1;

    /// <summary>Texts of a rollout that answer the same prompt.</summary>
    public virtual int GroupSize => 1;

    /// <summary>Whether it needs the reference (<see cref="RolloutRequest.Reference"/>).</summary>
    public virtual bool NeedsReference => false;

    /// <summary>Whether texts that did not end count for nothing.</summary>
    public virtual bool MasksTruncated => false;

    /// <summary>What it has learnt of the worth of beginnings, in the discriminators' weighted logits; null where nothing.</summary>
    public virtual PrefixValue? Value => null;

    /// <summary>Makes texts and whatever all passes over them share. The tensors belong to the caller's dispose scope.</summary>
    public abstract Rollout Collect(RolloutRequest request);

    /// <summary>
    /// One term per discriminator, differentiable in the generator as it is now. The tensors belong to the caller's dispose scope.
    /// </summary>
    /// <param name="request">That of <see cref="Collect"/>.</param>
    /// <param name="rollout">What <see cref="Collect"/> made.</param>
    /// <param name="pass">From 0 to <see cref="Passes"/> - 1.</param>
    public abstract Estimate Estimate(RolloutRequest request, Rollout rollout, int pass);

    /// <summary>
    /// The loss of each text, [N], whose expectation over the generator's texts it lowers for a discriminator, up to normalisation: for
    /// ids, the truth that its estimates are compared with.
    /// </summary>
    /// <param name="judge">The discriminator.</param>
    /// <param name="texts">N texts on the discriminator's device.</param>
    /// <exception cref="NotSupportedException">It names none (<see cref="EstimatorOptions.WhyNoExactGradient"/>).</exception>
    public virtual Tensor LossOf(Judge judge, TextBatch texts) =>
        throw new NotSupportedException($"{GetType().Name} names no loss whose expectation it lowers.");

    /// <summary>A rollout and the first estimate from it.</summary>
    public Estimate Estimate(RolloutRequest request) => Estimate(request, Collect(request), 0);

    /// <summary>
    /// Texts for the discriminators to learn from, as the generator would show them: ids, unless the rule shows relaxed
    /// tokens. No gradient.
    /// </summary>
    public virtual TextBatch Generate(RolloutRequest request) => new RolloutCollector(ModelDistribution, null).Collect(request);

    /// <summary>
    /// What <see cref="Term.Loss"/> is if the rule has not computed it anyway: one more pass of the discriminator, without a gradient.
    /// </summary>
    /// <param name="judge">The discriminator.</param>
    /// <param name="texts">All texts of the rollout.</param>
    protected static Func<Tensor> GeneratorLossOf(Judge judge, TextBatch texts) => () =>
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return judge.GeneratorLoss(texts.PerDevice()(judge.Device)).mean().MoveToOuterDisposeScope();
    };

    /// <summary>The model's own distribution: temperature 1, no truncation. Any other would make the estimate biased.</summary>
    protected static SamplingOptions ModelDistribution { get; } = new();
}
