using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace TextGan.Tokenization.SentencePiece;

/// <summary>
/// What a model's normaliser replaces: a map from sequences of characters to texts. In the file it is the size of a double-array
/// trie (Aoe 1989), the trie as units of 32 bits in the layout of darts-clone, and the replacements, each closed by a zero byte.
/// </summary>
internal sealed class CharacterMap
{
    const uint IsValue = 1u << 31;

    readonly uint[] units;
    readonly byte[] replacements;

    /// <exception cref="InvalidDataException">The bytes are not such a map.</exception>
    public CharacterMap(ReadOnlySpan<byte> bytes)
    {
        var size = bytes.Length >= sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;
        if (size < sizeof(uint) || size % sizeof(uint) != 0 || size >= bytes.Length - sizeof(uint) || bytes[^1] != 0)
            throw Damaged();
        units = MemoryMarshal.Cast<byte, uint>(bytes.Slice(sizeof(uint), (int)size)).ToArray();
        if (!BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(units, units);
        replacements = bytes[(sizeof(uint) + (int)size)..].ToArray();
        foreach (var unit in units)
        {
            if ((unit & IsValue) != 0 && (unit & ~IsValue) >= replacements.Length) throw Damaged();
        }
    }

    /// <summary>Finds the longest entry that a text begins with.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="length">The entry's bytes in the text.</param>
    /// <param name="replacement">What takes their place; may be empty.</param>
    public bool TryReplace(ReadOnlySpan<byte> text, out int length, out ReadOnlySpan<byte> replacement)
    {
        length = 0;
        replacement = default;
        var node = Children(0, units[0]);
        for (var at = 0; at < text.Length; at++)
        {
            node ^= text[at];
            // Outside of the units only in a damaged file.
            if (node >= units.Length || (units[node] & (IsValue | 0xFF)) != text[at]) break;
            var hasValue = (units[node] & 0x100) != 0;
            node = Children(node, units[node]);
            if (!hasValue || node >= units.Length) continue;
            length = at + 1;
            replacement = replacements.AsSpan((int)Math.Min(units[node] & ~IsValue, (uint)replacements.Length - 1));
        }
        if (length == 0) return false;
        replacement = replacement[..replacement.IndexOf((byte)0)];
        return true;
    }

    static InvalidDataException Damaged() => new("the character map of its normaliser is damaged.");

    /// <summary>Where the children of a node begin; bit 9 of its unit says that the offset is in steps of 256.</summary>
    static uint Children(uint node, uint unit) => node ^ ((unit >> 10) << (int)((unit & 0x200) >> 6));
}
