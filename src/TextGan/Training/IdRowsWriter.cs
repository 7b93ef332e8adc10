using TextGan.Tokenization;

namespace TextGan.Training;

/// <summary>Takes rows of ids one after another and makes <see cref="IdRows"/> of them.</summary>
public abstract class IdRowsWriter : IDisposable
{
    /// <param name="most">At most so many rows will come.</param>
    /// <param name="streamed">Whether they are more than the memory should hold.</param>
    /// <param name="encoder">Gives the rows' length and the largest id.</param>
    public static IdRowsWriter For(int most, bool streamed, TextEncoder encoder) =>
        streamed && most > 0 ? new DiskRowsWriter(encoder) : new MemoryRowsWriter(most, encoder.Length);

    /// <param name="row">T ids.</param>
    public abstract void Add(ReadOnlySpan<long> row);

    /// <summary>The rows, which belong to the caller; nothing can be added any more.</summary>
    public abstract IdRows Finish();

    /// <summary>Lets go of rows that were not finished.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
