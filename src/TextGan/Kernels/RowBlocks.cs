using static TorchSharp.torch;

namespace TextGan.Kernels;

/// <summary>Shares rows out over LibTorch's number of threads. What a row yields must not depend on its neighbours: then it does not depend on the sharing.</summary>
static class RowBlocks
{
    /// <summary>Calls <paramref name="work"/>(first row, row after the last) for blocks of at most <paramref name="size"/> rows.</summary>
    public static void Run(int rows, int size, Action<int, int> work)
    {
        var blocks = (rows + size - 1) / size;
        void Block(int number) => work(number * size, Math.Min(rows, (number + 1) * size));
        var threads = get_num_threads();
        if (threads > 1 && blocks > 1) Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = threads }, Block);
        else for (var number = 0; number < blocks; number++) Block(number);
    }
}
