namespace TextGan.Training;

/// <summary>Takes rows of ids one after another and makes <see cref="IdRows"/> of them.</summary>
public abstract class IdRowsWriter : IDisposable
{
    /// <param name="most">At most so many rows will come.</param>
    /// <param name="streamed">Whether they are more than the memory should hold.</param>
    /// <param name="length">T: ids of a row.</param>
    /// <param name="numbers">How many different ids there are.</param>
    public static IdRowsWriter For(int most, bool streamed, int length, int numbers) =>
        streamed && most > 0 ? new DiskRowsWriter(length, numbers) : new MemoryRowsWriter(most, length);

    /// <param name="row">T ids.</param>
    public abstract void Add(ReadOnlySpan<long> row);

    /// <summary>The rows, which belong to the caller; nothing can be added any more.</summary>
    /// <param name="promptLengths">How many tokens of each row are its prompt, [N,1]; null without prompts.</param>
    public abstract IdRows Finish(IdRows? promptLengths = null);

    /// <summary>Lets go of rows that were not finished.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
