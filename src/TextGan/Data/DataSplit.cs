namespace TextGan.Data;

/// <summary>The texts of one split.</summary>
/// <param name="Texts">Real texts; of preference pairs the chosen ones.</param>
/// <param name="Rejected">Of preference pairs the rejected texts, index-matched with <paramref name="Texts"/>; else null.</param>
/// <param name="Prompts">The prompt that each text answers, index-matched; null where there are none.</param>
public sealed record DataSplit(IReadOnlyList<string> Texts, IReadOnlyList<string>? Rejected = null, IReadOnlyList<string>? Prompts = null)
{
    public static DataSplit Empty { get; } = new([]);

    /// <summary>Whether the prompts have control tokens, which are marked in them (<see cref="ControlText"/>).</summary>
    public bool HasControls { get; init; }

    /// <summary>
    /// The ids that each text was drawn as by a model, without an end, index-matched; null where texts were not drawn. A text may be
    /// encoded to other ids, even to more or fewer.
    /// </summary>
    public IReadOnlyList<int[]>? Drawn { get; init; }

    /// <summary>The same of the rejected texts.</summary>
    public IReadOnlyList<int[]>? DrawnRejected { get; init; }

    /// <summary>
    /// Whether the texts stay in their file and are read from it again at each walk, because they are more than the memory should
    /// hold. Whoever wants few of them asks in rising order; whoever wants all walks over them once and keeps none.
    /// </summary>
    public bool Streamed { get; init; }
}
