namespace TextGan.Generators.Sampling;

/// <summary>How tokens are drawn.</summary>
public sealed record SamplingOptions : ComponentOptions
{
    /// <summary>Logits are divided by it; 0 takes the most probable token (greedy). Default 1: the model's own distribution.</summary>
    [Range(0.0, 100.0)]
    public double Temperature { get; init; } = 1;

    /// <summary>Only the k most probable tokens are drawn from; 0 (default) means all.</summary>
    [Range(0, int.MaxValue)]
    public int TopK { get; init; }

    /// <summary>
    /// Only the smallest set of tokens whose probability reaches this is drawn from (nucleus, 1904.09751). Default 1: all.
    /// </summary>
    [Range(0.0, 1.0)]
    public double TopP { get; init; } = 1;

    /// <summary>What draws so.</summary>
    public TokenDrawer Drawer() => new(Temperature, TopK, TopP);
}
