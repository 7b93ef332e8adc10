namespace TextGan.Training;

/// <summary>The checkpoint of another run from whose generator weights a run starts.</summary>
public sealed record StartOptions : ComponentOptions
{
    /// <summary>
    /// The run's folder, such as runs/EXPERIMENT/SEED. Its tokenizer and generator must be the same as this experiment's.
    /// </summary>
    [Required]
    public string Run { get; init; } = "";

    /// <summary>
    /// Step of the checkpoint; if several phases have one, that of the last phase. null (default) means the newest undamaged checkpoint.
    /// </summary>
    [Range(0, long.MaxValue)]
    public long? Step { get; init; }
}
