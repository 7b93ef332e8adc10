using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace TextGan.Training;

/// <summary>Writes <see cref="DiskRows"/>. What cannot be written to the temporary file is a <see cref="RunFailedException"/>.</summary>
internal sealed class DiskRowsWriter : IdRowsWriter
{
    readonly SafeFileHandle file;
    readonly string path;
    readonly int length;
    readonly bool narrow;
    readonly byte[] buffer;
    int used;
    long written, count;
    bool finished;

    /// <param name="length">T: ids of a row.</param>
    /// <param name="numbers">How many different ids there are.</param>
    public DiskRowsWriter(int length, int numbers)
    {
        this.length = length;
        narrow = numbers <= ushort.MaxValue + 1;
        buffer = new byte[Math.Max(1, (4 << 20) / RowBytes) * RowBytes];
        (file, path) = Create();
    }

    int RowBytes => length * (narrow ? sizeof(ushort) : sizeof(int));

    static (SafeFileHandle File, string Path) Create()
    {
        var path = Path.Combine(Path.GetTempPath(), $"textgan-{Guid.NewGuid():N}.ids");
        try
        {
            var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete,
                FileOptions.DeleteOnClose | FileOptions.RandomAccess);
            if (!OperatingSystem.IsWindows()) File.Delete(path); // the open file stays, its name goes
            return (file, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, error);
        }
    }

    static RunFailedException Unwritable(string path, Exception error) => new(
        $"The encoded rows of a streamed data set cannot be written to {path}: {error.Message.TrimEnd('.')}. The environment variable " +
        $"{(OperatingSystem.IsWindows() ? "TMP" : "TMPDIR")} names another folder.", error);

    public override void Add(ReadOnlySpan<long> row)
    {
        var target = buffer.AsSpan(used, RowBytes);
        if (narrow) DiskRows.Convert(row, MemoryMarshal.Cast<byte, ushort>(target));
        else DiskRows.Convert(row, MemoryMarshal.Cast<byte, int>(target));
        used += RowBytes;
        count++;
        if (used == buffer.Length) Flush();
    }

    public override IdRows Finish(IdRows? promptLengths = null)
    {
        Flush();
        finished = true;
        return new DiskRows(file, length, narrow, count) { PromptLengths = promptLengths };
    }

    void Flush()
    {
        try
        {
            RandomAccess.Write(file, buffer.AsSpan(0, used), written);
        }
        catch (IOException error)
        {
            throw Unwritable(path, error);
        }
        (used, written) = (0, written + used);
    }

    protected override void Dispose(bool disposing)
    {
        if (!finished) file.Dispose();
    }
}
