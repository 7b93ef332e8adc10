using TextGan.Schedules;

namespace TextGan.Learning.Updates;

/// <summary>
/// Gumbel-softmax: y = softmax((logits + g)/τ) with Gumbel noise g (1611.01144, equation 2; 1611.00712), and its relatives.
/// </summary>
public sealed record PathwiseOptions : EstimatorOptions
{
    /// <summary>
    /// Relaxed tokens, or drawn ones with a gradient that stands in for theirs. Default: straight-through, so that discriminators see
    /// one-hot tokens, as of real text.
    /// </summary>
    public Relaxation Relaxation { get; init; } = Relaxation.StraightThrough;

    /// <summary>
    /// τ over the training, always above 0; smaller is closer to discrete and noisier. With "reinmax" and "softmax", which have no noise, 1
    /// is the least biased. Default: constant 1.
    /// </summary>
    public ScheduleOptions Temperature { get; init; } = Usual;

    /// <summary>
    /// β = 1/τ over the training, always above 0. It replaces 'temperature'. RelGAN's schedules are schedules of β, and most of them cannot
    /// be written as schedules of τ. Null (default): 'temperature' is used.
    /// </summary>
    public ScheduleOptions? InverseTemperature { get; init; }

    /// <summary>
    /// K of "gumbel-rao": relaxed tokens for each drawn one. They cost memory [K,B,V] at each position and no further judgements. (Several
    /// texts instead of several draws are a larger 'training.batch'.) Default 16.
    /// </summary>
    [Range(1, 10_000)]
    public int Draws { get; init; } = DefaultDraws;

    /// <summary>"loss" (default) lowers the discriminators' generator loss; "logit" raises their logits, whatever their loss.</summary>
    public PathwiseObjective Objective { get; init; }

    /// <summary>
    /// "through" (default): the gradient of a token also runs through what is written after it. "constant": it does not, which is biased,
    /// has less variance and, since all positions are then computed at once, takes less time. With "relaxed", which is still drawn position
    /// by position, discriminators see the relaxed tokens and the generator reads the drawn ones, as in RelGAN.
    /// </summary>
    public PrefixGradient Prefix { get; init; }

    internal const int DefaultDraws = 16;

    static readonly ScheduleOptions Usual = new ConstantScheduleOptions { Value = 1 };

    /// <inheritdoc />
    public override bool NeedsRelaxedTokens => true;

    /// <inheritdoc />
    public override bool ShowsPlainSamples => Relaxation != Relaxation.Relaxed;

    /// <inheritdoc />
    public override bool LearnsFromLosses => Objective == PathwiseObjective.Loss;

    /// <inheritdoc />
    public override string? WhyNoExactGradient => null;

    /// <inheritdoc />
    public override IEnumerable<Problem> Validate(string path)
    {
        if (Lowest(Temperature) is <= 0 and var lowest)
            yield return new Problem($"{path}.temperature",
                $"the schedule reaches {lowest}; the temperature divides logits and must stay above 0.");
        if (InverseTemperature is { } inverse)
        {
            if (Lowest(inverse) is <= 0 and var least)
                yield return new Problem($"{path}.inverseTemperature",
                    $"the schedule reaches {least}; the inverse temperature multiplies logits and must stay above 0.");
            if (Temperature != Usual) yield return new Problem($"{path}.inverseTemperature", "and 'temperature' are both given; keep one.");
        }
        if (Draws != DefaultDraws && WhyNoDraws(path) is { } problem) yield return problem;
    }

    /// <summary>The problem if 'draws' is set but unused, even at its default; else null.</summary>
    internal Problem? WhyNoDraws(string path) => Relaxation == Relaxation.GumbelRao ? null : new($"{path}.draws",
        $"is {Draws}, but only the relaxation \"gumbel-rao\" has several draws; leave it out, or take that.");

    /// <summary>Schedules are monotone: their ends are their extremes.</summary>
    static double Lowest(ScheduleOptions schedule) =>
        Math.Min(schedule.ValueAt(0, long.MaxValue), schedule.ValueAt(long.MaxValue - 1, long.MaxValue));

    public override UpdateRule Build(EstimatorContext context) =>
        new PathwiseUpdate(Relaxation, InverseTemperature ?? Temperature, context.OfSum?.Build(), Draws, Objective, Prefix)
        {
            InvertsTemperature = InverseTemperature is not null,
        };
}
