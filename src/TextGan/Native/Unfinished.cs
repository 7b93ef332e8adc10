namespace TextGan.Native;

/// <summary>
/// The parts of something that is still being built. They are disposed of with this, last first, unless the whole was finished: their
/// memory is LibTorch's, which no garbage collection sees.
/// </summary>
public sealed class Unfinished : IDisposable
{
    readonly Stack<IDisposable> parts = [];

    /// <summary>Looks after a part, and gives it back.</summary>
    public T Add<T>(T part) where T : class, IDisposable
    {
        parts.Push(part);
        return part;
    }

    /// <summary>The whole is built and owns its parts from here on.</summary>
    public T Finish<T>(T whole)
    {
        parts.Clear();
        return whole;
    }

    public void Dispose()
    {
        while (parts.TryPop(out var part)) part.Dispose();
    }
}
