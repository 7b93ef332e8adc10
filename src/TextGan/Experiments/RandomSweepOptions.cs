namespace TextGan.Experiments;

/// <summary>
/// Draws settings of a sweep at random: of a list each value is equally likely; of a range any number, evenly on its scale, or with
/// 'steps' any of them. No setting is drawn twice. More runs keep the earlier ones.
/// </summary>
public sealed record RandomSweepOptions : ComponentOptions
{
    /// <summary>Settings to draw, each an experiment.</summary>
    [Required]
    [Range(1, 1000)]
    public int Runs { get; init; } = 1;

    /// <summary>Another seed draws other settings. Default 1.</summary>
    [Range(0, int.MaxValue)]
    public int Seed { get; init; } = 1;
}
