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

    /// <summary>
    /// Share of texts that the generator made earlier, so that the discriminator does not forget what it has learnt of them (Shrivastava et
    /// al. 1612.07828, section 2.3, where it is as large as 'generated'). Until there are some, generated texts take their place. What is
    /// kept: the discriminator's 'replay'. Default 0.
    /// </summary>
    [Range(0.0, 1e6)]
    public double Replayed { get; init; }

    public override IEnumerable<Problem> Validate(string path)
    {
        if (Generated + Rejected <= 0)
            yield return new Problem(path, "both shares are 0; at least one of 'generated' and 'rejected' must be positive.");
        if (Replayed > 0 && Generated <= 0)
            yield return new Problem($"{path}.replayed",
                $"is {Replayed}, but 'generated' is 0: only generated texts that the discriminator has learnt from are replayed.");
    }

    /// <summary>Yields the shares of which a batch of so many texts has not even one.</summary>
    public IEnumerable<Problem> CheckBatch(string path, int batch)
    {
        var (rejected, replayed) = (RejectedOf(batch), ReplayedOf(batch));
        foreach (var (name, share, count) in ((string, double, int)[])[("generated", Generated, batch - rejected - replayed),
            ("rejected", Rejected, rejected), ("replayed", Replayed, replayed)])
            if (share > 0 && count == 0)
                yield return new Problem($"{path}.{name}",
                    $"is {share}, which is no text of {batch} ('batch'); take a larger share or batch, or leave it at 0.");
    }

    /// <summary>How many of <paramref name="batch"/> negatives are rejected texts.</summary>
    public int RejectedOf(int batch) => Rounded(batch * Rejected / (Generated + Rejected + Replayed));

    /// <summary>How many of <paramref name="batch"/> negatives are replayed texts, as long as one generated text is left.</summary>
    public int ReplayedOf(int batch) =>
        Math.Clamp(Rounded(batch * Replayed / (Generated + Rejected + Replayed)), 0, Math.Max(0, batch - RejectedOf(batch) - 1));

    static int Rounded(double number) => (int)Math.Round(number, MidpointRounding.AwayFromZero);
}
