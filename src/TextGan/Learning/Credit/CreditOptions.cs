using TextGan.Generators;
using TextGan.Training;

namespace TextGan.Learning.Credit;

/// <summary>How the reward of a text is assigned to its tokens.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SequenceCreditOptions), "sequence")]
[JsonDerivedType(typeof(StepCreditOptions), "per-step")]
[JsonDerivedType(typeof(RolloutCreditOptions), "rollouts")]
public abstract record CreditOptions : ComponentOptions<CreditContext, CreditAssignment>;

/// <summary>The run-time facts that a credit rule is built from beside its options.</summary>
public sealed record CreditContext
{
    /// <summary>Gives a copy of the generator as it is now, which does not learn; it belongs to whoever asks.</summary>
    public Func<Generator> Copy { get; init; } = () => throw new InvalidOperationException("There is no generator here.");
}

/// <summary>Every token gets the reward of the whole sequence.</summary>
public sealed record SequenceCreditOptions : CreditOptions
{
    public override CreditAssignment Build(CreditContext context) => new SequenceCredit();
}

/// <summary>
/// The discriminator gives a reward per step and a token gets the discounted sum of the rewards from its step on:
/// R_t = Σ_{s≥t} γ^(s-t) r_s (ScratchGAN, 1905.09922, section 3.2). With γ = 1 the objective is the expected sum of the rewards;
/// a smaller γ weighs what a token brings at once above what it brings later, and is then the gradient of no single objective.
/// Needs discriminators with a logit per step.
/// </summary>
public sealed record StepCreditOptions : CreditOptions
{
    /// <summary>γ. Default 0.23, ScratchGAN's.</summary>
    [Range(0.0, 1.0)]
    public double Discount { get; init; } = 0.23;

    public override CreditAssignment Build(CreditContext context) => new StepCredit(Discount);
}

/// <summary>
/// A token's reward is the mean reward of completions of the text up to and including it, drawn by the generator itself
/// (SeqGAN, 1609.05473, equation 4); the last token gets the reward of the text.
/// </summary>
public sealed record RolloutCreditOptions : CreditOptions
{
    /// <summary>Completions of each prefix. Default 16, SeqGAN's.</summary>
    [Range(1, 1024)]
    public int Count { get; init; } = 16;

    /// <summary>
    /// Who completes: with a lag λ above 0 a copy of the generator whose weights follow it after each rollout,
    /// w ← λ w + (1 - λ) · generator (SeqGAN's rollout policy has 0.8). Default 0: the generator itself.
    /// </summary>
    [Range(0.0, 0.999999)]
    public double Lag { get; init; }

    public override CreditAssignment Build(CreditContext context) =>
        new RolloutCredit(Count, Lag > 0 ? new WeightAverage(context.Copy(), Lag) : null);
}
