namespace TextGan.Generators;

/// <summary>What a generator remembers of the tokens read so far: recurrent state, or keys and values.</summary>
public abstract class GeneratorState(int position = 0) : IDisposable
{
    /// <summary>Number of tokens read.</summary>
    public int Position { get; protected set; } = position;

    /// <summary>
    /// An independent state whose row i is this state's row <paramref name="rows"/>[i]. <paramref name="rows"/>: [N] int64, repeats
    /// allowed.
    /// </summary>
    public abstract GeneratorState Select(Tensor rows);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
