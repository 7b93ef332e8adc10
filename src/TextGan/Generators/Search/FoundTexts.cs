namespace TextGan.Generators.Search;

/// <summary>What a search has found.</summary>
/// <param name="Texts">[B,T]: one text for each search, on the generator's device.</param>
/// <param name="Rewards">[B] float: their rewards.</param>
/// <param name="Judged">[M,T]: all texts that were judged on the way.</param>
/// <param name="JudgedRewards">[M] float.</param>
/// <param name="Costs">What each of the B searches has spent.</param>
public sealed record FoundTexts(
    TextBatch Texts, Tensor Rewards, TextBatch Judged, Tensor JudgedRewards, IReadOnlyList<SearchCost> Costs)
{
    /// <summary>Moves the tensors to the scope around the present one.</summary>
    public FoundTexts MoveToOuterDisposeScope()
    {
        Texts.MoveToOuterDisposeScope();
        Judged.MoveToOuterDisposeScope();
        Rewards.MoveToOuterDisposeScope();
        JudgedRewards.MoveToOuterDisposeScope();
        return this;
    }
}
