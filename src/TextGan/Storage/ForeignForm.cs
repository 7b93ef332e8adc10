using System.Buffers.Binary;
using System.Text;

namespace TextGan.Storage;

/// <summary>Tells from its first bytes a file that is not UTF-8 text but something else that people have in its place.</summary>
public static class ForeignForm
{
    /// <summary>How many bytes from the beginning are enough to tell.</summary>
    public const int EnoughBytes = 4096;

    /// <summary>
    /// What the file is and what helps, to follow "The file is" ("UTF-16 (little-endian); save it as UTF-8"); null where it may be UTF-8.
    /// </summary>
    public static string? Of(ReadOnlySpan<byte> beginning)
    {
        var bytes = beginning[..Math.Min(beginning.Length, EnoughBytes)];
        if (Encoding(bytes) is { } encoding) return $"{encoding}; save it as UTF-8";
        if (Archive(bytes) is { } archive) return $"compressed ({archive}); unpack it";
        if (IsParquet(bytes)) return "Parquet; convert it to text";
        if (bytes.StartsWith("version https://git-lfs.github.com/spec/"u8))
            return "only a pointer of Git LFS; fetch the real file with 'git lfs pull'";
        return null;
    }

    /// <summary>Whether a file begins as Parquet does: five bytes are enough to tell it from a text.</summary>
    public static bool IsParquet(ReadOnlySpan<byte> bytes) => bytes.StartsWith("PAR1"u8) && bytes.Length > 4
        && bytes[4] is < 0x20 and not (byte)'\n' and not (byte)'\r' and not (byte)'\t';

    static string? Encoding(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xFF, 0xFE, 0, 0, ..] => "UTF-32 (little-endian)",
        [0, 0, 0xFE, 0xFF, ..] => "UTF-32 (big-endian)",
        [0xFF, 0xFE, ..] => "UTF-16 (little-endian)",
        [0xFE, 0xFF, ..] => "UTF-16 (big-endian)",
        _ when IsUtf32(bytes, littleEndian: true) => "UTF-32 (little-endian)",
        _ when IsUtf32(bytes, littleEndian: false) => "UTF-32 (big-endian)",
        _ when IsUtf16(bytes, upper: 1) => "UTF-16 (little-endian)",
        _ when IsUtf16(bytes, upper: 0) => "UTF-16 (big-endian)",
        _ => null,
    };

    /// <summary>Without a mark: every four bytes are a character, one of them ASCII (a line end, say) and one visible.</summary>
    static bool IsUtf32(ReadOnlySpan<byte> bytes, bool littleEndian)
    {
        var (hasAscii, hasVisible) = (false, false);
        for (; bytes.Length >= 4; bytes = bytes[4..])
        {
            var unit = littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
            if (unit == 0 || !Rune.IsValid(unit)) return false;
            hasAscii |= unit < 0x7F;
            hasVisible |= unit is > ' ' and not 0x7F;
        }
        return hasAscii && hasVisible;
    }

    /// <summary>
    /// Without a mark: the upper bytes of ASCII are zeros. A few zeros may be dirt in other text, so the upper bytes must be nearly all
    /// zero or one other value (a script of its own, such as Cyrillic), or the bytes not UTF-8 (Chinese has many upper bytes).
    /// </summary>
    static bool IsUtf16(ReadOnlySpan<byte> bytes, int upper)
    {
        var counts = new int[256];
        var visible = 0;
        var units = bytes.Length / 2;
        for (var i = 0; i < units; i++)
        {
            var (high, low) = (bytes[2 * i + upper], bytes[2 * i + 1 - upper]);
            var isBlank = low is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r';
            if (high == 0 ? low < ' ' && !isBlank : low == 0 && high < 0x20) return false;
            counts[high]++;
            if (high != 0 || low > ' ') visible++;
        }
        var zeros = counts[0];
        return zeros >= 2 && visible > 0 && (5 * (zeros + counts[1..].Max()) >= 4 * units || !MayBeUtf8(bytes));
    }

    /// <summary>Whether the bytes are UTF-8, but for a character that is cut off at the end.</summary>
    static bool MayBeUtf8(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(bytes, out _, out var length);
            if (status != System.Buffers.OperationStatus.Done) return status == System.Buffers.OperationStatus.NeedMoreData;
            bytes = bytes[length..];
        }
        return true;
    }

    static string? Archive(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0x1F, 0x8B, ..] => "gzip",
        [(byte)'P', (byte)'K', 3, 4, ..] => "zip",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "zstd",
        [(byte)'B', (byte)'Z', (byte)'h', _, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..] => "bzip2",
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => "xz",
        [(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => "7z",
        _ => null,
    };
}
