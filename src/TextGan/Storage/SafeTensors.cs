using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;

namespace TextGan.Storage;

/// <summary>
/// The safetensors format: the header's length in 8 bytes (little-endian), the header as JSON (for each tensor its dtype, shape and
/// place, and free texts under <c>__metadata__</c>), then the bytes of all tensors, row by row. It holds no code, so a file from
/// anywhere can be read. Types: F64, F32, F16, BF16, I64, I32, U8, BOOL.
/// </summary>
public static class SafeTensors
{
    const int LengthBytes = 8;
    const long LongestHeader = 100_000_000; // the format's own limit

    /// <summary>What the format calls a type; null where it does not have it.</summary>
    public static string? NameOf(ScalarType type) => SafeTensorsHeader.Types.FirstOrDefault(pair => pair.Value == type).Key;

    /// <summary>The type of this name ("F32"); null where it is unknown.</summary>
    public static ScalarType? TypeOf(string name) => SafeTensorsHeader.Types.TryGetValue(name, out var type) ? type : null;

    /// <summary>Writes tensors of any device to a file, whole or not at all.</summary>
    /// <exception cref="ArgumentException">A tensor has a type that the format does not have, or is named "__metadata__".</exception>
    public static void Save(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string,
        string>? metadata = null) =>
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));

    /// <summary>Writes tensors of any device to a stream, in the order of their names.</summary>
    /// <inheritdoc cref="Save" path="/exception"/>
    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string,
        string>? metadata = null)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var ordered = tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        var header = Header(ordered, metadata);
        Span<byte> length = stackalloc byte[LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, value) in ordered)
        {
            using var one = NewDisposeScope();
            if (value.numel() > 0) value.detach().cpu().contiguous().WriteBytesToStream(stream, 1 << 16);
        }
    }

    static byte[] Header(List<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata) json.WriteString(key, value);
                json.WriteEndObject();
            }
            var position = 0L;
            foreach (var (name, tensor) in tensors)
            {
                if (name == "__metadata__") throw new ArgumentException("No tensor can be named __metadata__.", nameof(tensors));
                var type = NameOf(tensor.dtype)
                    ?? throw new ArgumentException(
                        $"The tensor '{name}' has the type {tensor.dtype}, which safetensors does not have.", nameof(tensors));
                json.WriteStartObject(name);
                json.WriteString("dtype", type);
                json.WriteStartArray("shape");
                foreach (var size in tensor.shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(position);
                json.WriteNumberValue(position += tensor.numel() * tensor.ElementSize);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        // Blanks after the JSON keep the data at a multiple of eight bytes.
        while (buffer.Length % LengthBytes != 0) buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    /// <summary>Reads a whole file. Everything is checked before the first tensor is made.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read or is damaged; the message says what is wrong.</exception>
    public static SafeTensorsFile Load(string path) => With(path, stream => Read(path, stream, ReadHeader(path, stream)));

    /// <summary>The types and shapes of a file's tensors by name; their numbers are not read.</summary>
    /// <inheritdoc cref="Load" path="/exception"/>
    public static IReadOnlyDictionary<string, SafeTensorsShape> Shapes(string path) => With(path, stream =>
        ReadHeader(path, stream).Entries.ToDictionary(entry => entry.Name, entry => new SafeTensorsShape(entry.Type, entry.Shape)));

    static T With<T>(string path, Func<Stream, T> read)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return read(stream);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(path, $"The file cannot be read: {exception.Message}");
        }
    }

    static SafeTensorsHeader ReadHeader(string path, Stream stream)
    {
        var available = stream.Length - LengthBytes;
        if (available < 0)
            throw new InvalidInputException(path,
                $"The file has {Amount.Of(stream.Length, "byte")}; a safetensors file begins with 8 bytes for the length of its header.");
        Span<byte> length = stackalloc byte[LengthBytes];
        stream.ReadExactly(length);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(length);
        if (headerLength > LongestHeader)
            throw new InvalidInputException(path,
                $"The header is said to have {headerLength} bytes; {LongestHeader} are the most. Is this a safetensors file?");
        if ((long)headerLength > available)
            throw new InvalidInputException(path,
                $"The header is said to have {headerLength} bytes, and {Amount.Of(available, "byte follows", "bytes follow")}: the file " +
                $"is cut off or damaged.");
        var json = new byte[headerLength];
        stream.ReadExactly(json);
        return SafeTensorsHeader.Parse(path, json, available - (long)headerLength);
    }

    static SafeTensorsFile Read(string path, Stream stream, SafeTensorsHeader header)
    {
        var tensors = new Dictionary<string, Tensor>();
        try
        {
            foreach (var entry in header.Entries)
            {
                var made = empty(entry.Shape, entry.Type, CPU).DetachFromDisposeScope();
                tensors.Add(entry.Name, made);
                if (entry.End > entry.Begin) made.ReadBytesFromStream(stream, 1 << 16);
            }
        }
        catch
        {
            foreach (var made in tensors.Values) made.Dispose();
            throw;
        }
        return new SafeTensorsFile(path, tensors, header.Metadata);
    }
}
