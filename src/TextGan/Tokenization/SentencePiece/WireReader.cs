using System.Buffers.Binary;

namespace TextGan.Tokenization.SentencePiece;

/// <summary>Walks over the fields of one message in the wire format of Protocol Buffers, without copying it.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    enum WireType { Varint, Fixed64, Bytes, Fixed32 = 5 }

    ReadOnlySpan<byte> rest = message;
    ReadOnlySpan<byte> bytes;
    WireType type;
    ulong number;

    /// <summary>The field's number in the message's definition.</summary>
    public int Field { get; private set; }

    /// <summary>The value of a field of integers, booleans or enumerations.</summary>
    public readonly ulong Number => type == WireType.Varint ? number : throw Mismatch();

    public readonly bool Flag => Number != 0;

    public readonly float Float => type == WireType.Fixed32 ? BitConverter.UInt32BitsToSingle((uint)number) : throw Mismatch();

    /// <summary>The value of a field of text, bytes or a message.</summary>
    public readonly ReadOnlySpan<byte> Bytes => type == WireType.Bytes ? bytes : throw Mismatch();

    /// <summary>Goes to the next field.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a message.</exception>
    public bool MoveNext()
    {
        if (rest.IsEmpty) return false;
        var key = Varint();
        if (key is < 8 or > uint.MaxValue) throw new InvalidDataException($"{key} is no key of a field.");
        (Field, type) = ((int)(key >> 3), (WireType)(key & 7));
        switch (type)
        {
            case WireType.Varint: number = Varint(); break;
            case WireType.Fixed64: number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8)); break;
            case WireType.Bytes: bytes = Take(Varint()); break;
            case WireType.Fixed32: number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4)); break;
            default: throw new InvalidDataException($"field {Field} has the unknown wire type {(int)type}.");
        }
        return true;
    }

    ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 127) << shift;
            if (part < 128) return value;
        }
        throw new InvalidDataException("a number has more than 64 bits.");
    }

    ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)rest.Length) throw new InvalidDataException("it ends inside of a field.");
        var taken = rest[..(int)count];
        rest = rest[(int)count..];
        return taken;
    }

    readonly InvalidDataException Mismatch() => new($"field {Field} has another type than in a SentencePiece model.");
}
