namespace TextGan.Generators.Search;

/// <summary>What the search for one text has spent so far.</summary>
public sealed class SearchCost
{
    /// <summary>
    /// Tokens that the generator has read, the start token and those of prompts included: one for each distribution over the next token.
    /// A beginning that is read anew counts anew.
    /// </summary>
    public long Tokens { get; internal set; }

    /// <summary>Complete texts that were judged.</summary>
    public long Judged { get; internal set; }

    /// <summary>
    /// Beginnings that the search has decided at: expanded nodes of a tree, entries of a beam, steps of guided decoding; of best-of-n
    /// the texts.
    /// </summary>
    public long Nodes { get; internal set; }

    /// <summary>The best reward that was found; -∞ before the first text.</summary>
    public double Best { get; internal set; } = double.NegativeInfinity;

    /// <summary>Nodes when the first text had a reward of at least the threshold; null where none had.</summary>
    public long? NodesToReach { get; internal set; }
}
