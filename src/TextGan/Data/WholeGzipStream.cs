using System.IO.Compression;

namespace TextGan.Data;

/// <summary>
/// Decompresses gzip and throws <see cref="InvalidDataException"/> where the file is cut short, which
/// <see cref="GZipStream"/> alone takes for a normal end. The trick: one more gzip member with a known text is appended to
/// the compressed bytes. It comes out at the end exactly if everything before it was whole.
/// </summary>
public sealed class WholeGzipStream : ForwardStream
{
    static readonly byte[] Seal = [0x9D, 0x00, 0x47, 0xC1, 0xE8, 0xFF, 0x12, 0x6B, 0xF3, 0x0A, 0xB5, 0x5E, 0xFE, 0x81, 0x2C, 0xD7];
    static readonly byte[] SealMember = Compress(Seal);

    // No text is packed as densely; a file that claims to be is a trap for memory and time. Short ones may be of any density.
    const long MostDense = 100;
    const long FreeBytes = 32 << 20;

    readonly Stream compressed;
    long unpacked;
    // What was decompressed and not yet handed out; its last bytes are held back because they may be the seal.
    readonly byte[] held = new byte[(1 << 16) + 16];
    int start, end;
    bool ended;

    /// <param name="compressed">The gzip file, at its beginning; disposed of with this stream.</param>
    public WholeGzipStream(Stream compressed)
        : base(new GZipStream(new AppendedStream(compressed, SealMember), CompressionMode.Decompress)) => this.compressed = compressed;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        while (!ended && end - start <= Seal.Length) Fill();
        var count = Math.Min(buffer.Length, end - start - (ended ? 0 : Seal.Length));
        held.AsSpan(start, count).CopyTo(buffer);
        start += count;
        return count;
    }

    void Fill()
    {
        held.AsSpan(start, end - start).CopyTo(held);
        (start, end) = (0, end - start);
        var read = Source.Read(held, end, held.Length - end);
        end += read;
        unpacked += read;
        // Compared with what was read of the file so far, so that a trap is noticed before much of it is unpacked.
        if (unpacked > FreeBytes && compressed.CanSeek && unpacked / MostDense > compressed.Position)
            throw new GzipBombException(
                $"The gzip data unpack to more than {MostDense} times their size, which no text does; unpack the file yourself if it is " +
                $"meant.");
        if (read > 0) return;
        if (!held.AsSpan(start, end - start).EndsWith(Seal))
            throw new InvalidDataException("the gzip data end too early or are followed by something else");
        ended = true;
        end -= Seal.Length;
    }

    static byte[] Compress(byte[] bytes)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.NoCompression)) gzip.Write(bytes);
        return result.ToArray();
    }

    /// <summary>A stream followed by fixed bytes.</summary>
    sealed class AppendedStream(Stream first, byte[] second) : ForwardStream(first)
    {
        int position = -1;

        public override int Read(Span<byte> buffer)
        {
            if (position < 0)
            {
                var read = Source.Read(buffer);
                if (read > 0 || buffer.IsEmpty) return read;
                position = 0;
            }
            var count = Math.Min(buffer.Length, second.Length - position);
            second.AsSpan(position, count).CopyTo(buffer);
            position += count;
            return count;
        }
    }
}
