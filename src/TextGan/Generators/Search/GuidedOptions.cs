namespace TextGan.Generators.Search;

/// <summary>
/// Guided decoding (FUDGE, 2104.05218): each token is drawn from p(x_t | x_&lt;t) · exp(weight · value(x_1..t)), normalised over the most
/// probable tokens. The value of a text that the token completes is its reward. Where the values are those of the soft reward, 1/weight ·
/// log E[exp(weight · r) | x_1..t], the texts are draws from p(x) · exp(weight · r(x)) / Z; an expected reward makes it nearly so.
/// </summary>
public sealed record GuidedOptions : SearchOptions
{
    /// <summary>Tokens that are tried at each step, the most probable ones: the budget; 0: all. Default 8.</summary>
    [Range(0, 1_000_000)]
    public int Candidates { get; init; } = 8;

    /// <summary>Weight of the value, in nats per unit of reward. Default 1.</summary>
    [Range(0.0, 1e6)]
    public double Weight { get; init; } = 1;

    public override bool NeedsValue => true;

    public override SearchOptions WithBudget(int budget) => this with { Candidates = budget };

    public override TextSearch Build(BuildContext context) => new GuidedDecoding(Candidates, Weight, Opening);
}
