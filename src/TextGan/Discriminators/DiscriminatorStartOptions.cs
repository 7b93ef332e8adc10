namespace TextGan.Discriminators;

/// <summary>A discriminator of another run, with whose weights one begins.</summary>
public sealed record DiscriminatorStartOptions : ComponentOptions
{
    /// <summary>
    /// The run's folder, such as runs/EXPERIMENT/SEED. Its tokenizer, and the kind and sizes of its discriminator, must be the same.
    /// </summary>
    [Required]
    public string Run { get; init; } = "";

    /// <summary>The discriminator's name there; null (default): the name that this one has.</summary>
    public string? Discriminator { get; init; }

    /// <summary>Step of the checkpoint of the adversarial phase. null (default) means the newest undamaged checkpoint.</summary>
    [Range(0, long.MaxValue)]
    public long? Step { get; init; }
}
