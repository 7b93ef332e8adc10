using TextGan.Native;

namespace TextGan.Operations.Cpu;

/// <summary>
/// Items of unequal size, each for the next thread that is free. What an item yields must not depend on who does
/// it, nor on the other items.
/// </summary>
static class WorkQueue
{
    /// <summary>
    /// Runs <paramref name="body"/> for 0 … <paramref name="count"/> − 1, begun in this order: the largest had better come first.
    /// </summary>
    /// <param name="count">Items.</param>
    /// <param name="threads">At most (<see cref="CpuLoop.Threads"/>).</param>
    /// <param name="body">One item.</param>
    public static void Run(int count, int threads, Action<int> body)
    {
        var next = -1;
        ThreadTeam.Run(Math.Min(threads, count), _ => Serve());

        void Serve()
        {
            for (var item = Interlocked.Increment(ref next); item < count; item = Interlocked.Increment(ref next)) body(item);
        }
    }
}
