namespace TextGan.Generators.Search;

/// <summary>What a search looks for.</summary>
/// <param name="Generator">Whose texts are searched.</param>
/// <param name="Batch">B: texts to find, each by a search of its own.</param>
/// <param name="Length">T: positions in a row, prompt and end token included.</param>
/// <param name="StartId">The id before the first token.</param>
/// <param name="EndId">The id that ends a text, or null.</param>
/// <param name="Reward">The reward of each complete text, [N] on any device; higher is better.</param>
public sealed record SearchRequest(
    Generator Generator, int Batch, int Length, int StartId, int? EndId, Func<TextBatch, Tensor> Reward)
{
    /// <summary>What fills a text after its end; null: the end token.</summary>
    public int? PaddingId { get; init; }

    /// <summary>What the texts begin with, B prompts; null for nothing.</summary>
    public PromptBatch? Prompts { get; init; }

    /// <summary>What a beginning is worth, or null. Searches with <see cref="TextSearch.NeedsValue"/> need it.</summary>
    public PrefixValue? Value { get; init; }

    /// <summary>The reward at which <see cref="SearchCost.NodesToReach"/> is noted; null: it is not.</summary>
    public double? Threshold { get; init; }
}
