using System.Text;
using static System.Buffers.Binary.BinaryPrimitives;

namespace TextGan.Native;

/// <summary>The names in a shared library of Linux (ELF, 64 bits, little-endian), read without loading it.</summary>
internal sealed class ElfLibrary
{
    const uint Dynamic = 6, DynamicSymbols = 11, SymbolVersions = 0x6fffffff; // SHT_* of <elf.h>
    const int SymbolSize = 24, Global = 1; // sizeof(Elf64_Sym), STB_GLOBAL

    readonly string path;
    readonly byte[] headers;
    readonly int headerSize;

    /// <summary>The name that the loader knows the library by once it is loaded (DT_SONAME), or null.</summary>
    public string? Name { get; private set; }

    /// <summary>What the library must find elsewhere, without the versioned symbols, which are those of the C and C++ runtimes.</summary>
    public List<string> Needed { get; } = [];

    /// <summary>What others can find in the library.</summary>
    public HashSet<string> Defined { get; } = [];

    /// <exception cref="InvalidDataException">The file is not such a library.</exception>
    public ElfLibrary(string path)
    {
        this.path = path;
        var start = Read(0, 64);
        if (start is not [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, ..])
            throw new InvalidDataException($"'{path}' is not a 64-bit ELF library.");
        headerSize = ReadUInt16LittleEndian(start.AsSpan(0x3a));
        headers = Read(ReadInt64LittleEndian(start.AsSpan(0x28)), headerSize * ReadUInt16LittleEndian(start.AsSpan(0x3c)));
        try
        {
            ReadSymbols();
            ReadName();
        }
        catch (Exception damaged) when (damaged is ArgumentException or OverflowException or InvalidOperationException)
        {
            throw new InvalidDataException($"'{path}' is damaged.", damaged);
        }
    }

    void ReadSymbols()
    {
        var (symbols, names) = (Content(DynamicSymbols), Strings(DynamicSymbols));
        var versions = Find(SymbolVersions) is null ? null : Content(SymbolVersions);
        for (var i = 1; i < symbols.Length / SymbolSize; i++) // the first one is empty
        {
            var symbol = symbols.AsSpan(i * SymbolSize, SymbolSize);
            var binding = symbol[4] >> 4;
            var isDefined = ReadUInt16LittleEndian(symbol[6..]) != 0;
            if (binding == 0 || !isDefined && binding != Global) continue; // local, or weak and missing, which is allowed
            var name = Text(names, ReadUInt32LittleEndian(symbol));
            if (isDefined) Defined.Add(name);
            else if (versions is null || (ReadUInt16LittleEndian(versions.AsSpan(2 * i)) & 0x7fff) < 2) Needed.Add(name);
        }
    }

    void ReadName()
    {
        const int SoName = 14; // DT_SONAME
        var entries = Content(Dynamic);
        for (var at = 0; at + 16 <= entries.Length && Name is null; at += 16)
            if (ReadInt64LittleEndian(entries.AsSpan(at)) == SoName)
                Name = Text(Strings(Dynamic), ReadInt64LittleEndian(entries.AsSpan(at + 8)));
    }

    static string Text(byte[] strings, long start)
    {
        var rest = strings.AsSpan(checked((int)start));
        return Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    /// <summary>Offset of the header of the first section of this type.</summary>
    int? Find(uint type)
    {
        for (var at = 0; at < headers.Length; at += headerSize)
            if (ReadUInt32LittleEndian(headers.AsSpan(at + 4)) == type) return at;
        return null;
    }

    byte[] Content(uint type) => ContentAt(Find(type) ?? throw new InvalidDataException($"'{path}' is not a shared library."));

    /// <summary>The names that a section refers to.</summary>
    byte[] Strings(uint type) => ContentAt(checked((int)ReadUInt32LittleEndian(headers.AsSpan(Find(type)!.Value + 0x28)) * headerSize));

    byte[] ContentAt(int header) =>
        Read(ReadInt64LittleEndian(headers.AsSpan(header + 0x18)), ReadInt64LittleEndian(headers.AsSpan(header + 0x20)));

    byte[] Read(long offset, long length)
    {
        using var file = File.OpenHandle(path);
        if (offset < 0 || length < 0 || offset > RandomAccess.GetLength(file) - length)
            throw new InvalidDataException($"'{path}' is incomplete or not a library.");
        var bytes = new byte[length];
        for (var done = 0; done < length;)
        {
            var read = RandomAccess.Read(file, bytes.AsSpan(done), offset + done);
            if (read == 0) throw new EndOfStreamException(path);
            done += read;
        }
        return bytes;
    }
}
