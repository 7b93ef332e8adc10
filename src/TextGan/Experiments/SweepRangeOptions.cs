namespace TextGan.Experiments;

/// <summary>
/// Numbers of a sweep, from one to another. For an option that is a whole number they are rounded to whole numbers, others between the
/// ends to six digits.
/// </summary>
public sealed record SweepRangeOptions : ComponentOptions
{
    /// <summary>The smallest value.</summary>
    [Required]
    public double From { get; init; }

    /// <summary>The greatest value; above 'from'.</summary>
    [Required]
    public double To { get; init; }

    /// <summary>
    /// The number of values, both ends among them; a grid needs it. In a random sweep, null (default) means any number of the range.
    /// </summary>
    [Range(2, 1000)]
    public int? Steps { get; init; }

    /// <summary>How values are spaced, and the axis that plots draw them on. Default "linear".</summary>
    public SweepScale Scale { get; init; } = SweepScale.Linear;

    public override IEnumerable<Problem> Validate(string path)
    {
        if (From >= To)
            yield return new(path + ".to", FormattableString.Invariant($"is {To}; it must be above 'from', which is {From}."));
        if (Scale == SweepScale.Log && From <= 0)
            yield return new(path + ".from", FormattableString.Invariant($"is {From}; on the scale \"log\" it must be above 0."));
    }
}
