namespace TextGan.Benchmarks.NativeCalls;

/// <summary>What the counting TorchSharp of <see cref="CountingContext"/> tells of its calls of native functions.</summary>
public static class NativeCallCounter
{
    static readonly Lock Gate = new();
    static List<string> functions = [];

    /// <summary>Called by TorchSharp before each call of a native function.</summary>
    public static void Count(string function)
    {
        lock (Gate) functions.Add(function);
    }

    /// <summary>The functions that were called since the last time it was asked, in order.</summary>
    public static IReadOnlyList<string> Take()
    {
        lock (Gate) return Interlocked.Exchange(ref functions, []);
    }
}
