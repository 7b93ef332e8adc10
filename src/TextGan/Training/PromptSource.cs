namespace TextGan.Training;

/// <summary>
/// The prompts of a data set. Which come at a step is a function of the seed, the purpose and the step, so that there is no state to be
/// stored;
/// steps of one size use each prompt once an epoch.
/// </summary>
public sealed class PromptSource(IdRows rows, int seed, string purpose)
{
    readonly BatchOrder order = new(rows.Count, seed, purpose);

    /// <summary>The prompts of a step, on the CPU.</summary>
    public PromptBatch At(long step, int count) => rows.Prompts(RowsAt(step, count));

    /// <summary>The numbers of the rows whose prompts come at a step.</summary>
    public long[] RowsAt(long step, int count) => order.At(step * count, count);

    /// <summary>
    /// So many prompts of <paramref name="rows"/>, the same ones at each call: at even distances, or all of them again and again where
    /// there are fewer.
    /// </summary>
    public static PromptBatch Spread(IdRows rows, int count)
    {
        var spread = HeldOutJudgement.Spread(rows.Count, count);
        return rows.Prompts([.. Enumerable.Range(0, count).Select(i => spread[i % spread.Length])]);
    }
}
