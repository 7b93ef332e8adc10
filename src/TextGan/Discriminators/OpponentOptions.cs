namespace TextGan.Discriminators;

/// <summary>What a discriminator learns to tell its real texts from: relative shares of each negative batch.</summary>
public sealed record OpponentOptions : ComponentOptions
{
    /// <summary>Share of texts that the generator made. Default 1.</summary>
    [Range(0.0, 1e6)]
    public double Generated { get; init; } = 1;

    /// <summary>Share of rejected texts of its preference pairs. Default 0; needs a data set with pairs.</summary>
    [Range(0.0, 1e6)]
    public double Rejected { get; init; }

    public override IEnumerable<Problem> Validate(string path)
    {
        if (Generated + Rejected <= 0)
            yield return new Problem(path, "both shares are 0; at least one of 'generated' and 'rejected' must be positive.");
    }

    /// <summary>How many of <paramref name="batch"/> negatives are rejected texts.</summary>
    public int RejectedOf(int batch) => (int)Math.Round(batch * Rejected / (Generated + Rejected), MidpointRounding.AwayFromZero);
}
