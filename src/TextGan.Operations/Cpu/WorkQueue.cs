using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// Items of unequal size, each for the next of LibTorch's number of threads that is free. What an item yields must not depend on who does
/// it, nor on the other items.
/// </summary>
static class WorkQueue
{
    /// <summary>
    /// Runs <paramref name="body"/> for 0 … <paramref name="count"/> − 1, begun in this order: the largest had better come first.
    /// </summary>
    /// <param name="count">Items.</param>
    /// <param name="worthSharing">False where all of them together are not worth a second thread.</param>
    /// <param name="body">One item.</param>
    public static void Run(int count, bool worthSharing, Action<int> body)
    {
        var threads = worthSharing ? Math.Min(get_num_threads(), count) : 1;
        var next = -1;
        if (threads > 1) Parallel.For(0, threads, _ => Serve());
        else Serve();

        void Serve()
        {
            for (var item = Interlocked.Increment(ref next); item < count; item = Interlocked.Increment(ref next)) body(item);
        }
    }
}
