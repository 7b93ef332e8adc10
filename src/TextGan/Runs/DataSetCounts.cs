using TextGan.Data;
using TextGan.Training;

namespace TextGan.Runs;

/// <summary>What encoding did to a data set.</summary>
/// <param name="Train">To its training texts.</param>
/// <param name="HeldOut">To its held-out texts.</param>
public sealed record DataSetCounts(EncodedSideCounts Train, EncodedSideCounts HeldOut)
{
    /// <summary>How many texts have the property by which they were split; null where they were not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LabelCounts? Labels { get; init; }
}
