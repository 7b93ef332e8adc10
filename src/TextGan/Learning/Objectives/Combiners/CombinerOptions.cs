using TextGan.Schedules;

namespace TextGan.Learning.Objectives.Combiners;

/// <summary>How the terms of the generator's objective become one gradient.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(FixedCombinerOptions), "fixed")]
[JsonDerivedType(typeof(ScheduledCombinerOptions), "scheduled")]
[JsonDerivedType(typeof(GmanCombinerOptions), "gman")]
[JsonDerivedType(typeof(HypervolumeCombinerOptions), "hypervolume")]
[JsonDerivedType(typeof(UncertaintyCombinerOptions), "uncertainty")]
[JsonDerivedType(typeof(LagrangianCombinerOptions), "lagrangian")]
[JsonDerivedType(typeof(MgdaCombinerOptions), "mgda")]
[JsonDerivedType(typeof(PcGradCombinerOptions), "pcgrad")]
[JsonDerivedType(typeof(CaGradCombinerOptions), "cagrad")]
[JsonDerivedType(typeof(GradNormCombinerOptions), "gradnorm")]
public abstract record CombinerOptions : ComponentOptions<CombinerContext, Combiner>
{
    /// <summary>Whether it mixes one gradient per term, so that there must be one signal for each discriminator.</summary>
    public virtual bool NeedsGradients => false;

    /// <summary>
    /// Whether it reads the discriminators' generator losses (<see cref="Term.Loss"/>): one more pass of each discriminator over the
    /// batch, without a gradient, unless the estimator has computed it anyway.
    /// </summary>
    public virtual bool ReadsLosses => false;

    /// <summary>Whether the losses that it reads must not be negative.</summary>
    public virtual bool NeedsNonNegativeLosses => false;
}

/// <summary>The run-time facts that a combiner is built from beside its options.</summary>
/// <param name="Weights">The weight of each term by name as it is now: an adaptive one changes, so it is read at each step.</param>
/// <param name="Iterations">Length of the training, for schedules.</param>
public sealed record CombinerContext(IReadOnlyDictionary<string, double> Weights, long Iterations);

/// <summary>L = Σ_k w_k L_k with the configured weights.</summary>
public sealed record FixedCombinerOptions : CombinerOptions
{
    public override Combiner Build(CombinerContext context) => new FixedCombiner(context.Weights);
}

/// <summary>L = Σ_k w_k(step) L_k: named terms follow a schedule, the others keep their configured weight.</summary>
public sealed record ScheduledCombinerOptions : CombinerOptions
{
    /// <summary>Term name (a discriminator's name, or "entropy", "likelihood", "kl") → schedule of its weight.</summary>
    public IReadOnlyDictionary<string, ScheduleOptions> Weights { get; init; } = new Dictionary<string, ScheduleOptions>();

    public override Combiner Build(CombinerContext context) =>
        new ScheduledCombiner(context.Weights, Weights, context.Iterations);
}
