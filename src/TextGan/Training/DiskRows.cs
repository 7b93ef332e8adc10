using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using TextGan.Problems;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Training;

/// <summary>
/// Rows in a file of the system's folder for temporary files: two bytes an id where the vocabulary allows, else four. The file has
/// no name any more (or goes with its handle), so that nothing is left behind however the process ends. Rows are read by position
/// and not mapped: what is mapped counts as memory of the process.
/// </summary>
public sealed class DiskRows : IdRows
{
    readonly SafeFileHandle file;
    readonly int length;
    readonly bool narrow;

    DiskRows(SafeFileHandle file, int length, bool narrow, long count) => (this.file, this.length, this.narrow, Count) = (file, length, narrow, count);

    public override long Count { get; }

    int RowBytes => length * (narrow ? sizeof(ushort) : sizeof(int));

    /// <exception cref="RunFailedException">The temporary file cannot be written.</exception>
    public static DiskRows Of(IReadOnlyList<string> texts, TextEncoder encoder)
    {
        var narrow = encoder.Tokenizer.VocabularySize <= ushort.MaxValue + 1;
        var (file, path) = Create();
        try
        {
            var rows = new DiskRows(file, encoder.Length, narrow, texts.Count);
            rows.Fill(texts, encoder);
            return rows;
        }
        catch (Exception error)
        {
            file.Dispose();
            if (error is IOException) throw Unwritable(path, error);
            throw;
        }
    }

    static (SafeFileHandle File, string Path) Create()
    {
        var path = Path.Combine(Path.GetTempPath(), $"textgan-{Guid.NewGuid():N}.ids");
        try
        {
            var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose | FileOptions.RandomAccess);
            if (!OperatingSystem.IsWindows()) File.Delete(path); // the open file stays, its name goes
            return (file, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, error);
        }
    }

    static RunFailedException Unwritable(string path, Exception error) => new(
        $"The encoded rows of a streamed data set cannot be written to {path}: {error.Message.TrimEnd('.')}. The environment variable {(OperatingSystem.IsWindows() ? "TMP" : "TMPDIR")} names another folder.", error);

    void Fill(IReadOnlyList<string> texts, TextEncoder encoder)
    {
        var buffer = new byte[Math.Max(1, (4 << 20) / RowBytes) * RowBytes];
        var row = new long[length];
        var (used, written) = (0, 0L);
        foreach (var text in texts)
        {
            encoder.EncodeRow(text, row);
            var target = buffer.AsSpan(used, RowBytes);
            if (narrow) Write(row, MemoryMarshal.Cast<byte, ushort>(target));
            else Write(row, MemoryMarshal.Cast<byte, int>(target));
            used += RowBytes;
            if (used < buffer.Length) continue;
            RandomAccess.Write(file, buffer.AsSpan(0, used), written);
            (used, written) = (0, written + used);
        }
        RandomAccess.Write(file, buffer.AsSpan(0, used), written);
    }

    static void Write(long[] row, Span<ushort> target)
    {
        for (var t = 0; t < row.Length; t++) target[t] = (ushort)row[t];
    }

    static void Write(long[] row, Span<int> target)
    {
        for (var t = 0; t < row.Length; t++) target[t] = (int)row[t];
    }

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
        if (narrow)
        {
            var source = MemoryMarshal.Cast<byte, ushort>(buffer);
            for (var t = 0; t < ids.Length; t++) ids[t] = source[t];
        }
        else
        {
            var source = MemoryMarshal.Cast<byte, int>(buffer);
            for (var t = 0; t < ids.Length; t++) ids[t] = source[t];
        }
    }

    protected override void Dispose(bool disposing) => file.Dispose();
}
