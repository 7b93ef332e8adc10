using System.Buffers.Binary;
using System.Text;

namespace TextGan.Tests.Runs.Trackers;

/// <summary>
/// Reads TensorBoard's event files by the definition of their format alone: the framing of TFRecord
/// (https://www.tensorflow.org/tutorials/load_data/tfrecord) and the wire format of Protocol Buffers
/// (https://protobuf.dev/programming-guides/encoding). Every checksum is compared.
/// </summary>
static class EventRecords
{
    /// <summary>What an event says.</summary>
    public sealed record Event(double Time, long Step, string? Version, bool IsStart)
    {
        public List<(string Tag, float Value)> Scalars { get; } = [];
        public List<(string Tag, string[] Texts)> Texts { get; } = [];
        public List<(string Tag, double[] Statistics, double[] Limits, double[] Counts)> Histograms { get; } = [];
    }

    public static List<Event> Read(string path)
    {
        var bytes = File.ReadAllBytes(path).AsSpan();
        var events = new List<Event>();
        while (!bytes.IsEmpty)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]), Is.EqualTo(Masked(bytes[..8])), "checksum of the length");
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(bytes[(12 + length)..]), Is.EqualTo(Masked(bytes.Slice(12, length))),
                "checksum of the data");
            events.Add(Parse(bytes.Slice(12, length)));
            bytes = bytes[(16 + length)..];
        }
        return events;
    }

    /// <summary>The values by tag and step that a reader ends up with: what a START says is to be dropped is dropped.</summary>
    public static SortedDictionary<(string Tag, long Step), float> ScalarsIn(string folder)
    {
        var values = new SortedDictionary<(string, long), float>();
        foreach (var one in Directory.GetFiles(folder).Order(StringComparer.Ordinal).SelectMany(Read))
        {
            if (one.IsStart) foreach (var key in values.Keys.Where(key => key.Item2 >= one.Step).ToList()) values.Remove(key);
            foreach (var (tag, value) in one.Scalars)
            {
                Assert.That(values.ContainsKey((tag, one.Step)), Is.False, $"{tag} is there twice at step {one.Step}");
                values.Add((tag, one.Step), value);
            }
        }
        return values;
    }

    /// <summary>CRC-32C bit by bit (RFC 3720, appendix B.4: polynomial 0x1EDC6F41, reflected).</summary>
    public static uint Checksum(ReadOnlySpan<byte> data)
    {
        var sum = 0xFFFFFFFFu;
        foreach (var one in data)
        {
            sum ^= one;
            for (var bit = 0; bit < 8; bit++) sum = (sum & 1) != 0 ? (sum >> 1) ^ 0x82F63B78u : sum >> 1;
        }
        return ~sum;
    }

    public static uint Masked(ReadOnlySpan<byte> data)
    {
        var sum = Checksum(data);
        return ((sum >> 15) | (sum << 17)) + 0xA282EAD8u;
    }

    static Event Parse(ReadOnlySpan<byte> data)
    {
        var fields = Fields(data);
        var parsed = new Event(fields.Where(f => f.Number == 1).Select(f => f.AsDouble).Single(),
            fields.Where(f => f.Number == 2).Select(f => (long)f.Value).SingleOrDefault(),
            fields.Where(f => f.Number == 3).Select(f => Encoding.UTF8.GetString(f.Bytes)).SingleOrDefault(),
            fields.Any(f => f.Number == 7 && Fields(f.Bytes).Any(status => status is { Number: 1, Value: 1 })));
        foreach (var summary in fields.Where(f => f.Number == 5))
            foreach (var value in Fields(summary.Bytes)) Value(parsed, Fields(value.Bytes));
        return parsed;
    }

    static void Value(Event parsed, List<Field> value)
    {
        var tag = Encoding.UTF8.GetString(value.Single(f => f.Number == 1).Bytes);
        foreach (var field in value)
        {
            if (field.Number == 2) parsed.Scalars.Add((tag, BitConverter.UInt32BitsToSingle((uint)field.Value)));
            if (field.Number == 8)
            {
                var tensor = Fields(field.Bytes);
                Assert.That(tensor.Single(f => f.Number == 1).Value, Is.EqualTo(7), "DT_STRING");
                var plugin = Fields(Fields(value.Single(f => f.Number == 9).Bytes).Single(f => f.Number == 1).Bytes);
                Assert.That(Encoding.UTF8.GetString(plugin.Single(f => f.Number == 1).Bytes), Is.EqualTo("text"));
                var size = Fields(Fields(tensor.Single(f => f.Number == 2).Bytes).Single(f => f.Number == 2).Bytes)[0].Value;
                string[] texts = [.. tensor.Where(f => f.Number == 8).Select(f => Encoding.UTF8.GetString(f.Bytes))];
                Assert.That(size, Is.EqualTo(texts.Length));
                parsed.Texts.Add((tag, texts));
            }
            if (field.Number == 5)
            {
                var histogram = Fields(field.Bytes);
                double[] Packed(int number) => [.. histogram.Single(f => f.Number == number).Bytes.Chunk(8)
                    .Select(eight => BinaryPrimitives.ReadDoubleLittleEndian(eight))];
                parsed.Histograms.Add((tag, [.. Enumerable.Range(1, 5).Select(i => histogram.Single(f => f.Number == i).AsDouble)],
                    Packed(6), Packed(7)));
            }
        }
    }

    sealed record Field(int Number, ulong Value, byte[] Bytes)
    {
        public double AsDouble => BitConverter.UInt64BitsToDouble(Value);
    }

    static List<Field> Fields(ReadOnlySpan<byte> data)
    {
        var fields = new List<Field>();
        while (!data.IsEmpty)
        {
            var tag = Varint(ref data);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    fields.Add(new(number, Varint(ref data), []));
                    break;
                case 1:
                    fields.Add(new(number, BinaryPrimitives.ReadUInt64LittleEndian(data), []));
                    data = data[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref data);
                    fields.Add(new(number, 0, data[..length].ToArray()));
                    data = data[length..];
                    break;
                case 5:
                    fields.Add(new(number, BinaryPrimitives.ReadUInt32LittleEndian(data), []));
                    data = data[4..];
                    break;
                default:
                    throw new InvalidDataException($"There is no wire type {tag & 7}.");
            }
        }
        return fields;
    }

    static ulong Varint(ref ReadOnlySpan<byte> data)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var one = data[0];
            data = data[1..];
            value |= (ulong)(one & 0x7F) << shift;
            if (one < 0x80) return value;
        }
    }
}
