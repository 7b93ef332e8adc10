using System.Text.Json;
using TorchSharp;

namespace TextGan.Storage;

/// <summary>
/// The JSON header of a safetensors file, checked completely: whoever has one can read the tensors without a further doubt.
/// </summary>
sealed record SafeTensorsHeader(IReadOnlyList<SafeTensorsHeader.Entry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Where a tensor lies. <paramref name="Begin"/> and <paramref name="End"/> count from the end of the header.</summary>
    public sealed record Entry(string Name, ScalarType Type, long[] Shape, long Begin, long End);

    /// <summary>The types of the format that this project reads and writes: name in the file, type in LibTorch.</summary>
    public static IReadOnlyDictionary<string, ScalarType> Types { get; } = new Dictionary<string, ScalarType>
    {
        ["F64"] = ScalarType.Float64, ["F32"] = ScalarType.Float32, ["F16"] = ScalarType.Float16, ["BF16"] = ScalarType.BFloat16,
        ["I64"] = ScalarType.Int64, ["I32"] = ScalarType.Int32, ["U8"] = ScalarType.Byte, ["BOOL"] = ScalarType.Bool,
    };

    /// <param name="file">For messages.</param>
    /// <param name="json">The header's bytes.</param>
    /// <param name="dataLength">Number of bytes after the header, all of which must belong to exactly one tensor.</param>
    /// <returns>The entries in the order of their data.</returns>
    /// <exception cref="InvalidInputException">Says what is wrong.</exception>
    public static SafeTensorsHeader Parse(string file, ReadOnlyMemory<byte> json, long dataLength)
    {
        InvalidInputException Wrong(string message) => new(file, message);
        if (json.IsEmpty || json.Span[0] != (byte)'{') throw Wrong("The header does not begin with '{': this is not a safetensors file.");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException(file, $"The header is not JSON: {JsonFile.Reason(exception)}");
        }
        using (document)
        {
            try
            {
                return Check(document.RootElement, dataLength);
            }
            catch (Exception exception) when (exception is FormatException or InvalidOperationException or OverflowException)
            {
                throw Wrong(exception.Message);
            }
        }
    }

    static SafeTensorsHeader Check(JsonElement root, long dataLength)
    {
        var entries = new List<Entry>();
        var metadata = new Dictionary<string, string>();
        var names = new HashSet<string>();
        foreach (var property in root.EnumerateObject())
        {
            if (!names.Add(property.Name)) throw new FormatException($"The name '{property.Name}' appears twice.");
            if (property.Name == "__metadata__") ReadMetadata(property.Value, metadata);
            else entries.Add(ReadEntry(property.Name, property.Value));
        }
        entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        var position = 0L;
        foreach (var entry in entries)
        {
            if (entry.End > dataLength)
                throw new FormatException(
                    $"The tensor '{entry.Name}' ends at byte {entry.End} of the data, which has {dataLength}: the file is cut off or " +
                    $"damaged.");
            if (entry.Begin < position)
                throw new FormatException(
                    $"The tensor '{entry.Name}' begins at byte {entry.Begin} of the data, inside of the tensor before it, which ends at " +
                    $"{position}.");
            if (entry.Begin > position)
                throw new FormatException(
                    $"The bytes {position} to {entry.Begin} of the data, before the tensor '{entry.Name}', belong to no tensor.");
            position = entry.End;
        }
        if (position != dataLength)
            throw new FormatException(
                $"The data has {Amount.Of(dataLength, "byte")}; the last " +
                $"{Amount.Of(dataLength - position, "byte belongs", "bytes belong")} to no tensor.");
        return new SafeTensorsHeader(entries, metadata);
    }

    static void ReadMetadata(JsonElement value, Dictionary<string, string> metadata)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw new FormatException($"__metadata__ is {value.ValueKind}; an object of strings is needed.");
        foreach (var item in value.EnumerateObject())
        {
            if (item.Value.ValueKind != JsonValueKind.String)
                throw new FormatException($"The metadata '{item.Name}' is {item.Value.ValueKind}; a string is needed.");
            if (!metadata.TryAdd(item.Name, item.Value.GetString()!))
                throw new FormatException($"The metadata '{item.Name}' appears twice.");
        }
    }

    static Entry ReadEntry(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw new FormatException($"The entry of the tensor '{name}' is {value.ValueKind}; an object is needed.");
        var keys = value.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal).ToList();
        if (keys is not ["data_offsets", "dtype", "shape"])
            throw new FormatException(
                $"The entry of the tensor '{name}' has the keys {string.Join(", ", keys)}; dtype, shape and data_offsets are needed, " +
                $"once each.");
        var typeName = value.GetProperty("dtype");
        if (typeName.ValueKind != JsonValueKind.String || !Types.TryGetValue(typeName.GetString()!, out var type))
            throw new FormatException(
                $"The tensor '{name}' has the type {typeName.GetRawText()}; {string.Join(", ", Types.Keys)} are known.");
        var shape = Numbers(name, "shape", value);
        var size = (long)type.ElementSize();
        try
        {
            foreach (var dimension in shape) size = checked(size * dimension);
        }
        catch (OverflowException)
        {
            throw new FormatException($"The tensor '{name}' has the shape [{string.Join(",", shape)}], more bytes than can be counted.");
        }
        if (Numbers(name, "data_offsets", value) is not [var begin, var end] || end < begin)
            throw new FormatException(
                $"The tensor '{name}' has the data_offsets {value.GetProperty("data_offsets").GetRawText()}; a begin and an end not " +
                $"before it are needed.");
        if (end - begin != size)
            throw new FormatException(
                $"The tensor '{name}' has {end - begin} bytes of data; {typeName.GetString()} of the shape [{string.Join(",", shape)}] " +
                $"needs {size}.");
        return new Entry(name, type, shape, begin, end);
    }

    static long[] Numbers(string name, string key, JsonElement entry)
    {
        var value = entry.GetProperty(key);
        if (value.ValueKind == JsonValueKind.Array)
        {
            var numbers = new List<long>();
            foreach (var item in value.EnumerateArray())
                if (item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out var number) && number >= 0) numbers.Add(number);
            if (numbers.Count == value.GetArrayLength()) return [.. numbers];
        }
        throw new FormatException(
            $"The tensor '{name}' has the {key} {value.GetRawText()}; a list of whole numbers of 0 or more is needed.");
    }
}
