namespace TextGan.Operations.Cpu;

/// <summary>
/// Rows of equal weight, shared out in blocks (<see cref="WorkQueue"/>). What a row yields must not depend on its neighbours: then it does
/// not depend on the sharing.
/// </summary>
static class RowBlocks
{
    /// <summary>Calls <paramref name="work"/>(first row, row after the last) for blocks of at most <paramref name="size"/> rows.</summary>
    public static void Run(int rows, int size, Action<int, int> work)
    {
        var blocks = (rows + size - 1) / size;
        WorkQueue.Run(blocks, worthSharing: true, number => work(number * size, Math.Min(rows, (number + 1) * size)));
    }
}
