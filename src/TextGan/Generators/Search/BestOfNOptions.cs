namespace TextGan.Generators.Search;

/// <summary>The best of n texts that are drawn from the generator (2009.01325, section 3).</summary>
public sealed record BestOfNOptions : SearchOptions
{
    /// <summary>Texts drawn for each that is found: the budget. Default 8.</summary>
    [Range(1, 1_000_000)]
    public int N { get; init; } = 8;

    public override SearchOptions WithBudget(int budget) => this with { N = budget };

    public override TextSearch Build(BuildContext context) => new BestOfN(N, Opening);
}
