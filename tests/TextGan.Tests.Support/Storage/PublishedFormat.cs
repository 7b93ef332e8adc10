using System.Buffers.Binary;
using System.Text.Json;

namespace TextGan.Tests.Storage;

/// <summary>
/// Reads float tensors from the description of the safetensors format alone (8 bytes of header length, little-endian; a JSON
/// object of dtype, shape, data_offsets; the data), and shares nothing with the library's reader.
/// </summary>
static class PublishedFormat
{
    public static IReadOnlyDictionary<string, (long[] Shape, float[] Values)> ReadFloats(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, headerLength));
        var data = bytes.AsSpan(8 + headerLength).ToArray();
        var result = new Dictionary<string, (long[], float[])>();
        foreach (var entry in header.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__" || entry.Value.GetProperty("dtype").GetString() != "F32") continue;
            long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            int[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt32())];
            var values = new float[(offsets[1] - offsets[0]) / sizeof(float)];
            for (var i = 0; i < values.Length; i++) values[i] =
                BinaryPrimitives.ReadSingleLittleEndian(data.AsSpan(offsets[0] + i * sizeof(float)));
            Assert.That(values, Has.Length.EqualTo(shape.Aggregate(1L, (product, size) => product * size)), entry.Name);
            result[entry.Name] = (shape, values);
        }
        return result;
    }
}
