using TextGan.Schedules;

namespace TextGan.Learning.Updates;

/// <summary>Gumbel-softmax: y = softmax((logits + g)/τ) with Gumbel noise g (1611.01144, equation 2; 1611.00712).</summary>
public sealed record PathwiseOptions : EstimatorOptions
{
    /// <summary>
    /// Relaxed tokens or straight-through. Default: straight-through, so that discriminators see one-hot tokens, as of real text.
    /// </summary>
    public Relaxation Relaxation { get; init; } = Relaxation.StraightThrough;

    /// <summary>τ over the training, always above 0; smaller is closer to discrete and noisier. Default: constant 1.</summary>
    public ScheduleOptions Temperature { get; init; } = new ConstantScheduleOptions { Value = 1 };

    /// <inheritdoc />
    public override bool NeedsRelaxedTokens => true;

    /// <inheritdoc />
    public override bool ShowsPlainSamples => Relaxation == Relaxation.StraightThrough;

    /// <inheritdoc />
    public override IEnumerable<Problem> Validate(string path)
    {
        // Schedules are monotone: their ends are their extremes.
        var lowest = Math.Min(Temperature.ValueAt(0, long.MaxValue), Temperature.ValueAt(long.MaxValue - 1, long.MaxValue));
        if (lowest <= 0)
            yield return new Problem($"{path}.temperature",
                $"the schedule reaches {lowest}; the temperature divides logits and must stay above 0.");
    }

    public override UpdateRule Build(EstimatorContext context) =>
        new PathwiseUpdate(Relaxation, Temperature, ofSum: context.OfSum?.Build());
}
