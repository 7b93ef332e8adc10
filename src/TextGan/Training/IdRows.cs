using TextGan.Native;

namespace TextGan.Training;

/// <summary>Rows of T token ids by number: in memory, or on disk where a data set is streamed.</summary>
public abstract class IdRows : IDisposable
{
    /// <summary>N.</summary>
    public abstract long Count { get; }

    /// <summary>[n,T] int64 on the CPU: the rows of these numbers, in their order.</summary>
    public abstract Tensor Select(long[] rows);

    /// <summary>[n,T] int64 on the CPU: rows <paramref name="from"/> to <paramref name="from"/> + <paramref name="count"/>.</summary>
    public abstract Tensor Range(long from, long count);

    /// <summary>The same rows on a device.</summary>
    protected virtual Tensor Select(long[] rows, Device device) => DeviceCopy.Of(Select(rows), device);

    /// <summary>The same rows on a device.</summary>
    protected virtual Tensor Range(long from, long count, Device device) => DeviceCopy.Of(Range(from, count), device);

    /// <summary>[N,1]: how many tokens of each row are its prompt; null where no row has one. Disposed of with this.</summary>
    public IdRows? PromptLengths { get; init; }

    /// <summary>The texts of these numbers.</summary>
    public TextBatch Texts(long[] rows, int? endId, Device device) =>
        new(Select(rows, device), endId, promptLengths: PromptLengths?.Select(rows, device).squeeze(1));

    /// <summary>The texts from one number on.</summary>
    public TextBatch Texts(long from, long count, int? endId, Device device) =>
        new(Range(from, count, device), endId, promptLengths: PromptLengths?.Range(from, count, device).squeeze(1));

    /// <summary>The prompts of the rows of these numbers; what follows a prompt in its row is its filling.</summary>
    public PromptBatch Prompts(long[] rows)
    {
        if (PromptLengths is null) throw new InvalidOperationException("These rows have no prompts.");
        using var scope = NewDisposeScope();
        var lengths = PromptLengths.Select(rows).squeeze(1); // [n]
        var ids = Select(rows).narrow(1, 0, lengths.max().item<long>()).contiguous(); // [n,P]
        return new(ids.MoveToOuterDisposeScope(), lengths.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        PromptLengths?.Dispose();
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
