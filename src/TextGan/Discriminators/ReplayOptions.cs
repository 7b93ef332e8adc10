namespace TextGan.Discriminators;

/// <summary>
/// What a discriminator keeps of the generated texts that it has learnt from, to learn from them again: a uniform sample of all of them
/// (reservoir sampling; Vitter 1985, algorithm R). The last ones alone would be more of the same, and what the generator did long ago is
/// what a discriminator forgets.
/// </summary>
public sealed record ReplayOptions : ComponentOptions
{
    /// <summary>How many texts are kept, as token ids, in checkpoints too. Default 10,000.</summary>
    [Range(1, 10_000_000)]
    public int Capacity { get; init; } = 10_000;
}
