using TextGan.Data;
using TextGan.Tokenization;
using static TorchSharp.torch;

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

    /// <summary>Encodes texts, each once.</summary>
    public static IdRows Of(IReadOnlyList<string> texts, bool streamed, TextEncoder encoder) =>
        EncodedSide.Of(new DataSplit(texts) { Streamed = streamed }, encoder).Texts;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
