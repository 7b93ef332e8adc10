using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace TextGan.Training;

/// <summary>
/// Rows in a file of the system's folder for temporary files: two bytes an id where the vocabulary allows, else four. The file has
/// no name any more (or goes with its handle), so that nothing is left behind however the process ends. Rows are read by position
/// and not mapped: what is mapped counts as memory of the process.
/// </summary>
/// <param name="file">The file; disposed of with this.</param>
/// <param name="length">T.</param>
/// <param name="narrow">Whether an id has two bytes.</param>
/// <param name="count">N.</param>
public sealed class DiskRows(SafeFileHandle file, int length, bool narrow, long count) : IdRows
{
    public override long Count => count;

    int RowBytes => length * (narrow ? sizeof(ushort) : sizeof(int));

    public override Tensor Select(long[] rows)
    {
        var ids = new long[rows.Length * (long)length];
        var buffer = new byte[RowBytes];
        for (var i = 0; i < rows.Length; i++) Read(rows[i], buffer, ids.AsSpan(i * length, length));
        return tensor(ids, [rows.Length, length], int64);
    }

    public override Tensor Range(long from, long count)
    {
        var ids = new long[count * length];
        var buffer = new byte[count * RowBytes];
        Read(from, buffer, ids);
        return tensor(ids, [count, length], int64);
    }

    /// <summary>Reads as many rows as fill the buffer.</summary>
    void Read(long row, Span<byte> buffer, Span<long> ids)
    {
        for (var done = 0; done < buffer.Length;)
        {
            var read = RandomAccess.Read(file, buffer[done..], row * RowBytes + done);
            if (read == 0) throw new RunFailedException("The temporary file of a streamed data set has become shorter.");
            done += read;
        }
        if (narrow) Convert<ushort, long>(MemoryMarshal.Cast<byte, ushort>(buffer), ids);
        else Convert<int, long>(MemoryMarshal.Cast<byte, int>(buffer), ids);
    }

    /// <summary>Ids of one width as ids of another.</summary>
    internal static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<TTo> target)
        where TFrom : INumberBase<TFrom> where TTo : INumberBase<TTo>
    {
        for (var t = 0; t < source.Length; t++) target[t] = TTo.CreateTruncating(source[t]);
    }

    protected override void Dispose(bool disposing) => file.Dispose();
}
