namespace TextGan.Operations.Cpu;

/// <summary>
/// Rows of equal weight, shared out in blocks (<see cref="WorkQueue"/>). What a row yields must not depend on its neighbours: then it does
/// not depend on the sharing.
/// </summary>
static class RowBlocks
{
    /// <summary>Calls <paramref name="body"/>(first row, row after the last) for blocks of rows.</summary>
    /// <param name="rows">All.</param>
    /// <param name="most">Rows of a block at most; fewer where the threads would not get equally many blocks otherwise.</param>
    /// <param name="step">A block is a multiple of so many rows, but for the last.</param>
    /// <param name="threads">At most (<see cref="CpuLoop.Threads"/>).</param>
    /// <param name="body">The loop over one block.</param>
    public static void Run(int rows, int most, int step, int threads, Action<int, int> body)
    {
        var wanted = Divided(Divided(rows, most), threads) * threads;
        var size = Divided(Divided(rows, Math.Max(1, wanted)), step) * step;
        WorkQueue.Run(Divided(rows, Math.Max(1, size)), threads, number => body(number * size, Math.Min(rows, (number + 1) * size)));
    }

    static int Divided(int number, int by) => (number + by - 1) / by;
}
