namespace TextGan.Training;

/// <summary>What encoding did to one side of a data set.</summary>
/// <param name="Texts">Of its texts (of pairs the chosen ones), those of equal pairs among them.</param>
/// <param name="Rejected">Of its rejected texts; null where there are none.</param>
/// <param name="EqualPairs">Pairs that were skipped, because both texts have the same row: they are cut, or their words are
/// unknown.</param>
public sealed record EncodedSideCounts(EncodedTextCounts Texts, EncodedTextCounts? Rejected = null, long EqualPairs = 0)
{
    /// <summary>Prompts that are not empty; null where prompts are not used.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Prompts { get; init; }

    /// <summary>Prompts that are longer than a prompt may be: their last tokens are kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CutPrompts { get; init; }
}
