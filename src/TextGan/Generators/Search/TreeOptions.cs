namespace TextGan.Generators.Search;

/// <summary>
/// Monte-Carlo tree search with a prior and a value (PUCT; Silver et al., Nature 550, 2017). Each simulation goes down the tree, from each
/// beginning s to the token a with the highest Q(s,a) + c P(s,a) √N(s) / (1 + N(s,a)), expands the first beginning that is not yet in the
/// tree, and gives its value to all beginnings above it. Q is the mean value, rescaled so that the smallest value that the tree has seen
/// is 0 and the largest 1 (MuZero, 1911.08265, equation 5), and 0 where nothing was tried. The text with the highest reward is found; if
/// no simulation came to the end of a text, the most visited beginning is completed by a draw.
/// </summary>
public sealed record TreeOptions : SearchOptions
{
    /// <summary>Simulations: the budget. Default 64.</summary>
    [Range(1, 10_000_000)]
    public int Simulations { get; init; } = 64;

    /// <summary>c: how much untried tokens count against good ones. Default 1.5.</summary>
    [Range(0.0, 1e6)]
    public double Exploration { get; init; } = 1.5;

    /// <summary>"generator" (default): P is the generator's probability. "uniform": P is the same for all tokens.</summary>
    public TreePrior Prior { get; init; }

    /// <summary>Only so many tokens are tried after a beginning, the generator's most probable ones; 0 (default): all.</summary>
    [Range(0, 1_000_000)]
    public int TopK { get; init; }

    /// <summary>
    /// λ: a new beginning's value is λ times the reward of one text that the generator draws behind it, plus 1 - λ times the learnt value
    /// (Silver et al., Nature 529, 2016). Default 1: draws alone, which need no learnt value. 0: the learnt value alone, without draws.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Rollout { get; init; } = 1;

    public override bool NeedsValue => Rollout < 1;

    public override SearchOptions WithBudget(int budget) => this with { Simulations = budget };

    public override TextSearch Build(BuildContext context) => new TreeSearch(Simulations, Exploration, Prior, TopK, Rollout, Opening);
}
