namespace TextGan.Learning.Objectives;

/// <summary>Whether signals are normalised one by one or together.</summary>
public enum NormalizationOrder
{
    /// <summary>
    /// Each discriminator's signal by itself, then the weighted sum (GDPO, 2601.05242): none outweighs another by its scale alone.
    /// </summary>
    NormalizeThenSum,

    /// <summary>The weighted sum of the signals (GRPO, 2402.03300): their scales count.</summary>
    SumThenNormalize,
}

/// <summary>Over what the mean and the deviation of a signal are taken.</summary>
public enum NormalizationStatistics
{
    /// <summary>Earlier batches, with a decay: independent of the batch that is normalised.</summary>
    Earlier,

    /// <summary>The batch itself.</summary>
    Batch,

    /// <summary>The texts of one group, by themselves.</summary>
    Group,
}

/// <summary>Normalises the discriminators' signals to mean 0 and deviation 1.</summary>
public sealed record NormalizationOptions : ComponentOptions
{
    /// <summary>
    /// "normalize-then-sum" (default): each discriminator's signal before it is weighted, as GDPO does. "sum-then-normalize": the weighted
    /// sum of all, as GRPO does.
    /// </summary>
    public NormalizationOrder Order { get; init; }

    /// <summary>
    /// "earlier" (default): running statistics of earlier batches. "batch": those of the batch. "group": those of each group of
    /// "estimator.groupSize" texts.
    /// </summary>
    public NormalizationStatistics Statistics { get; init; }

    /// <summary>Share of the old mean and variance that is kept at each step; for the statistics "earlier". Default 0.95.</summary>
    [Range(0.0, 0.999999)]
    public double Decay { get; init; } = 0.95;

    /// <summary>Whether to divide by the deviation; false only subtracts the mean (Dr. GRPO, 2503.20783). Default true.</summary>
    public bool Divide { get; init; } = true;

    /// <summary>The smallest divisor: a deviation below this is treated as noise. Default 0.0001.</summary>
    [Range(1e-12, 1e6)]
    public double SmallestDeviation { get; init; } = 1e-4;

    public SignalNormalizer Build() => new(Decay, Statistics, SmallestDeviation, Divide);
}
