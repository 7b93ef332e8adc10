namespace TextGan.Generators.Search;

/// <summary>
/// Beam search: of all continuations of the kept beginnings those with the highest score are kept. The score is log p plus "weight" times
/// the value of the beginning or, of a whole text, its reward. Of the texts that come to an end the one of highest reward is found.
/// </summary>
public sealed record BeamOptions : SearchOptions
{
    /// <summary>Beginnings that are kept: the budget. Default 8.</summary>
    [Range(1, 100_000)]
    public int Width { get; init; } = 8;

    /// <summary>
    /// Weight of the learnt value in the score, in nats per unit of reward. A beginning's value counts when its continuations are
    /// compared with those of others. Default 0: log p alone, which needs no value.
    /// </summary>
    [Range(0.0, 1e6)]
    public double Weight { get; init; }

    public override bool NeedsValue => Weight > 0;

    public override SearchOptions WithBudget(int budget) => this with { Width = budget };

    public override TextSearch Build(BuildContext context) => new BeamSearch(Width, Weight, Opening);
}
