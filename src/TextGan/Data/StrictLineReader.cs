using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace TextGan.Data;

/// <summary>One line of a file: its text, or what is wrong with it.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Text">The line without its end; null where there is a fault.</param>
/// <param name="Fault">A sentence that says what is wrong; null where nothing is.</param>
public readonly record struct StrictLine(int Number, string? Text, string? Fault);

/// <summary>
/// Reads lines of strict UTF-8 from bytes. Lines end in LF, CR LF or CR, and in nothing else (U+2028 and the like are characters of
/// a line); the last one may have no end; a byte order mark at the beginning is skipped. A line that is not UTF-8 or longer than the
/// limit comes back as a fault with its number, and the next call continues with the line after it. Never more than three bytes for each
/// allowed character are held, and the fault of an overlong line is given before its rest is read.
/// </summary>
public sealed class StrictLineReader
{
    const int BufferSize = 1 << 16;

    readonly Stream stream;
    readonly int maximumLength;
    readonly byte[] buffer = new byte[BufferSize];
    readonly ArrayBufferWriter<byte> line = new(256);
    int start, end;
    bool begun, discardRest, afterReturn;

    /// <param name="stream">The bytes; not disposed of by this reader.</param>
    /// <param name="maximumLineLength">The most characters (UTF-16 code units) that a line may have, its end not counted.</param>
    public StrictLineReader(Stream stream, int maximumLineLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumLineLength, 1);
        this.stream = stream;
        maximumLength = maximumLineLength;
    }

    /// <summary>How many lines were begun so far.</summary>
    public int LineNumber { get; private set; }

    /// <summary>The next line, or false at the end. What the stream throws (I/O, damaged compression) passes through.</summary>
    /// <exception cref="ForeignFormException">The beginning shows that the whole is not UTF-8 text (UTF-16, say).</exception>
    public bool TryRead(out StrictLine result)
    {
        if (!begun) Begin();
        if (discardRest) DiscardRest();
        if (start < end || Fill()) PassOverLineFeed();
        if (start == end && !Fill())
        {
            result = default;
            return false;
        }
        LineNumber++;
        line.ResetWrittenCount();
        while (true)
        {
            var available = buffer.AsSpan(start, end - start);
            var newline = available.IndexOfAny((byte)'\n', (byte)'\r');
            var piece = newline < 0 ? available : available[..newline];
            // A UTF-16 code unit takes at most three bytes of UTF-8; three more for a byte order mark.
            if (line.WrittenCount + (long)piece.Length > 3L * maximumLength + 3)
            {
                discardRest = newline < 0;
                if (newline < 0) start = end;
                else PassOver(newline);
                result = TooLong();
                return true;
            }
            line.Write(piece);
            if (newline >= 0)
            {
                PassOver(newline);
                break;
            }
            if (!Fill()) break;
        }
        result = Decode();
        return true;
    }

    StrictLine TooLong() => new(LineNumber, null, $"The line is longer than {Amount.Of(maximumLength, "character")}.");

    StrictLine Decode()
    {
        var bytes = line.WrittenSpan;
        if (LineNumber == 1 && bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[3..];
        if (bytes.IsEmpty) return new(LineNumber, "", null);
        var characters = ArrayPool<char>.Shared.Rent(Math.Max(1, bytes.Length));
        try
        {
            var status = Utf8.ToUtf16(bytes, characters, out var read, out var written, replaceInvalidSequences: false);
            if (status != OperationStatus.Done)
                return new(LineNumber, null,
                    $"The line is not valid UTF-8: 0x{bytes[read]:X2} at byte {read + 1:N0} of the line does not begin a character.");
            return written > maximumLength ? TooLong() : new(LineNumber, new string(characters, 0, written), null);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    void DiscardRest()
    {
        discardRest = false;
        do
        {
            var newline = buffer.AsSpan(start, end - start).IndexOfAny((byte)'\n', (byte)'\r');
            if (newline >= 0)
            {
                PassOver(newline);
                return;
            }
        }
        while (Fill());
    }

    void Begin()
    {
        begun = true;
        end = stream.ReadAtLeast(buffer, ForeignForm.EnoughBytes, throwOnEndOfStream: false);
        if (ForeignForm.Of(buffer.AsSpan(0, end)) is { } form) throw new ForeignFormException($"The file is {form}.");
    }

    /// <summary>Goes behind the line end that begins so far from here.</summary>
    void PassOver(int newline)
    {
        afterReturn = buffer[start + newline] == (byte)'\r';
        start += newline + 1;
    }

    /// <summary>The LF of a CR LF, which may come in another piece than its CR.</summary>
    void PassOverLineFeed()
    {
        if (afterReturn && buffer[start] == (byte)'\n') start++;
        afterReturn = false;
    }

    bool Fill()
    {
        (start, end) = (0, 0);
        end = stream.Read(buffer);
        return end > 0;
    }
}
