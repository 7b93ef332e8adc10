using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;

namespace TextGan.Runs.Trackers;

/// <summary>
/// A file of TensorBoard's events: records of TensorFlow's framing (length, its checksum, data, their checksum; checksums are
/// CRC-32C, masked) with a message Event each. Only the fields that are used are written; their numbers are those of
/// tensorflow/core/util/event.proto, framework/summary.proto, framework/tensor.proto and framework/histogram.proto.
/// </summary>
sealed class EventFile : IDisposable
{
    const int StringTensor = 7; // DT_STRING

    readonly FileStream file;

    public EventFile(string path, double time)
    {
        file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
        Write(time, 0, message =>
        {
            message.WriteTag(3, WireFormat.WireType.LengthDelimited); // file_version
            message.WriteString("brain.Event:2");
        });
    }

    /// <summary>Makes readers drop what earlier files and records have from this step on.</summary>
    public void Restart(double time, long step) => Write(time, step, message => Nested(message, 7, session => // session_log
    {
        session.WriteTag(1, WireFormat.WireType.Varint); // status
        session.WriteEnum(1); // START
    }));

    /// <summary>Values by tag at a step.</summary>
    public void Scalars(double time, long step, IEnumerable<KeyValuePair<string, double>> values) =>
        Write(time, step, message => Nested(message, 5, summary => // summary
        {
            foreach (var (tag, value) in values)
            {
                Value(summary, tag, one =>
                {
                    one.WriteTag(2, WireFormat.WireType.Fixed32); // simple_value
                    one.WriteFloat((float)value);
                });
            }
        }));

    /// <summary>Texts, each of which a reader shows in a row of its own.</summary>
    public void Texts(double time, long step, string tag, IReadOnlyList<string> texts) =>
        Write(time, step, message => Nested(message, 5, summary => Value(summary, tag, one =>
        {
            Nested(one, 8, tensor => // tensor
            {
                tensor.WriteTag(1, WireFormat.WireType.Varint); // dtype
                tensor.WriteEnum(StringTensor);
                Nested(tensor, 2, shape => Nested(shape, 2, dimension => // tensor_shape.dim
                {
                    dimension.WriteTag(1, WireFormat.WireType.Varint); // size
                    dimension.WriteInt64(texts.Count);
                }));
                foreach (var text in texts)
                {
                    tensor.WriteTag(8, WireFormat.WireType.LengthDelimited); // string_val
                    tensor.WriteBytes(ByteString.CopyFromUtf8(text));
                }
            });
            Nested(one, 9, metadata => Nested(metadata, 1, plugin => // metadata.plugin_data
            {
                plugin.WriteTag(1, WireFormat.WireType.LengthDelimited); // plugin_name
                plugin.WriteString("text");
            }));
        })));

    /// <summary>How values are distributed, in buckets of equal width.</summary>
    public void Histogram(double time, long step, string tag, IReadOnlyList<double> values, int buckets = 30)
    {
        var (least, most) = (values.Min(), values.Max());
        var width = (most - least) / buckets;
        if (width <= 0) (buckets, width) = (1, 1); // all are equal
        var counts = new double[buckets];
        foreach (var value in values) counts[Math.Min(buckets - 1, (int)((value - least) / width))]++;
        // A limit is the upper end of its bucket.
        double[] limits = [.. Enumerable.Range(1, buckets).Select(i => i == buckets ? Math.Max(most, least + width) : least + i * width)];
        Write(time, step, message => Nested(message, 5, summary => Value(summary, tag, one => Nested(one, 5, histogram => // histo
        {
            Number(histogram, 1, least);
            Number(histogram, 2, most);
            Number(histogram, 3, values.Count);
            Number(histogram, 4, values.Sum());
            Number(histogram, 5, values.Sum(value => value * value));
            Packed(histogram, 6, limits);
            Packed(histogram, 7, counts);
        }))));
    }

    public void Flush() => file.Flush();

    public void Dispose() => file.Dispose();

    void Write(double time, long step, Action<CodedOutputStream> what)
    {
        var data = Message(message =>
        {
            Number(message, 1, time); // wall_time
            message.WriteTag(2, WireFormat.WireType.Varint); // step
            message.WriteInt64(step);
            what(message);
        });
        Span<byte> length = stackalloc byte[12], sum = stackalloc byte[4];
        BinaryPrimitives.WriteInt64LittleEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(length[8..], MaskedChecksum(length[..8]));
        BinaryPrimitives.WriteUInt32LittleEndian(sum, MaskedChecksum(data));
        file.Write(length);
        file.Write(data);
        file.Write(sum);
    }

    /// <summary>CRC-32C, rotated and shifted, so that a checksum of data with checksums in them is not one of its own.</summary>
    static uint MaskedChecksum(ReadOnlySpan<byte> data)
    {
        var sum = uint.MaxValue;
        foreach (var one in data) sum = BitOperations.Crc32C(sum, one);
        return BitOperations.RotateRight(~sum, 15) + 0xA282EAD8;
    }

    static void Value(CodedOutputStream summary, string tag, Action<CodedOutputStream> what) => Nested(summary, 1, one => // value
    {
        one.WriteTag(1, WireFormat.WireType.LengthDelimited); // tag
        one.WriteString(tag);
        what(one);
    });

    static void Number(CodedOutputStream message, int field, double value)
    {
        message.WriteTag(field, WireFormat.WireType.Fixed64);
        message.WriteDouble(value);
    }

    static void Packed(CodedOutputStream message, int field, double[] values)
    {
        message.WriteTag(field, WireFormat.WireType.LengthDelimited);
        message.WriteLength(values.Length * sizeof(double));
        foreach (var value in values) message.WriteDouble(value);
    }

    static void Nested(CodedOutputStream message, int field, Action<CodedOutputStream> what)
    {
        message.WriteTag(field, WireFormat.WireType.LengthDelimited);
        message.WriteBytes(ByteString.CopyFrom(Message(what)));
    }

    static byte[] Message(Action<CodedOutputStream> what)
    {
        using var bytes = new MemoryStream();
        using (var message = new CodedOutputStream(bytes, leaveOpen: true)) what(message);
        return bytes.ToArray();
    }
}
