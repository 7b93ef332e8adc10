using System.Buffers.Binary;
using System.Text;
using CsCheck;
using TextGan.Storage;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Storage;

public class SafeTensorsTests
{
    string path = "";

    [SetUp]
    public void MakePath() => path = Path.Combine(Path.GetTempPath(), $"textgan-{Guid.NewGuid():N}.safetensors");

    [TearDown]
    public void DeleteFile() => File.Delete(path);

    static byte[] Bytes(string header, params byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        data.CopyTo(bytes, 8 + json.Length);
        return bytes;
    }

    [Test]
    public void Every_type_comes_back_as_it_was()
    {
        using var scope = NewDisposeScope();
        var values = arange(-3, 3, float32).reshape(2, 3);
        var tensors = new[] { float64, float32, float16, bfloat16, int64, int32, uint8, @bool }
            .ToDictionary(type => type.ToString(), type => (type == uint8 ? values.abs() : values).to_type(type));
        tensors["scalar"] = tensor(2.5f);
        tensors["empty"] = zeros([0, 4], float32);
        tensors["transposed"] = values.t();
        tensors["strange \"name\" ü"] = ones(1);
        SafeTensors.Save(path, tensors, new Dictionary<string, string> { ["format"] = "pt", ["note"] = "ü\n" });

        using var file = SafeTensors.Load(path);
        Assert.That(file.Tensors.Keys, Is.EquivalentTo(tensors.Keys));
        foreach (var (name, expected) in tensors)
        {
            var found = file.Tensors[name];
            Assert.That(found.dtype, Is.EqualTo(expected.dtype), name);
            Assert.That(found.shape, Is.EqualTo(expected.shape), name);
            Assert.That(found.eq(expected).all().item<bool>(), Is.True, name);
        }
        Assert.That(file.Metadata, Is.EqualTo(new Dictionary<string, string> { ["format"] = "pt", ["note"] = "ü\n" }));
    }

    [Test]
    public void Any_floats_come_back_bit_by_bit() =>
        Gen.Select(Gen.Float.Array[0, 50], Gen.String).Sample((values, name) =>
        {
            using var scope = NewDisposeScope();
            if (name == "__metadata__" || name.Any(char.IsSurrogate)) return;
            SafeTensors.Save(path, new Dictionary<string, Tensor> { [name] = tensor(values) });
            using var file = SafeTensors.Load(path);
            var bits = file.Tensors[name].data<float>().ToArray().Select(BitConverter.SingleToInt32Bits);
            Assert.That(bits, Is.EqualTo(values.Select(BitConverter.SingleToInt32Bits)));
        }, iter: 100, threads: 1);

    [Test]
    public void Bytes_are_those_of_the_format()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        SafeTensors.Write(stream, new Dictionary<string,
            Tensor> { ["b"] = tensor(new[] { 1.0f, -2.0f }), ["a"] = tensor(new[] { 258 }, int32) });
        // 1.0f is 00 00 80 3F and -2.0f is 00 00 00 C0 in IEEE 754; 258 is 02 01 00 00; all little-endian.
        const string header =
            """{"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""";
        Assert.That(stream.ToArray(),
            Is.EqualTo(Bytes(header.PadRight((header.Length + 7) / 8 * 8), 2, 1, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0)));
    }

    [Test]
    public void A_file_made_by_hand_is_read()
    {
        File.WriteAllBytes(path, Bytes((
            """  {"y":{"shape":[2],"data_offsets":[2,4],"dtype":"U8"},"__metadata__":{"k":"v"}""" +
            ""","x":{"dtype":"BF16","shape":[],"data_offsets":[0,2]}}   """).TrimStart(), 0x80, 0x3F, 7, 255));
        using var file = SafeTensors.Load(path);
        Assert.That(file.Tensors["x"].to_type(float32).item<float>(), Is.EqualTo(1f), "3F80 is the upper half of 1.0f");
        Assert.That(file.Tensors["y"].data<byte>().ToArray(), Is.EqualTo(new byte[] { 7, 255 }));
        Assert.That(file.Metadata["k"], Is.EqualTo("v"));
    }

    [TestCase("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "The tensor 'a' ends at byte 8 of the data, which has 4: the file is cut off or damaged.")]
    [TestCase("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}",
        "The tensor 'a' has the data_offsets [-4,0]; a list of whole numbers of 0 or more is needed.")]
    [TestCase("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}",
        "The tensor 'a' has the data_offsets [4,0]; a begin and an end not before it are needed.")]
    [TestCase("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]}}",
        "The tensor 'a' has the data_offsets [0,4,4]; a begin and an end not before it are needed.")]
    [TestCase("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,99999999999999999999]}}",
        "The tensor 'a' has the data_offsets [0,99999999999999999999]; a list of whole numbers of 0 or more is needed.")]
    [TestCase("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
        "The tensor 'a' has the shape [-1]; a list of whole numbers of 0 or more is needed.")]
    [TestCase("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}",
        "The tensor 'a' has the shape [1.5]; a list of whole numbers of 0 or more is needed.")]
    [TestCase("{\"a\":{\"dtype\":\"F32\",\"shape\":4,\"data_offsets\":[0,4]}}",
        "The tensor 'a' has the shape 4; a list of whole numbers of 0 or more is needed.")]
    [TestCase("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}}",
        "The tensor 'a' has the shape [4611686018427387904,4], more bytes than can be counted.")]
    [TestCase("{\"a\":{\"dtype\":\"F32\",\"shape\":[100000000000],\"data_offsets\":[0,400000000000]}}",
        "The tensor 'a' ends at byte 400000000000 of the data, which has 4: the file is cut off or damaged.")]
    [TestCase("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
        "The tensor 'a' has 4 bytes of data; F32 of the shape [2] needs 8.")]
    [TestCase("{\"a\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "The tensor 'a' has the type \"F31\"; F64, F32, F16, BF16, I64, I32, U8, BOOL are known.")]
    [TestCase("{\"a\":{\"dtype\":7,\"shape\":[1],\"data_offsets\":[0,4]}}",
        "The tensor 'a' has the type 7; F64, F32, F16, BF16, I64, I32, U8, BOOL are known.")]
    [TestCase("{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}",
        "The entry of the tensor 'a' has the keys data_offsets, shape; dtype, shape and data_offsets are needed, once each.")]
    [TestCase("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "The entry of the tensor 'a' has the keys data_offsets, dtype, dtype, shape; dtype, shape and data_offsets are needed, once each.")]
    [TestCase("{\"a\":[]}", "The entry of the tensor 'a' is Array; an object is needed.")]
    [TestCase("{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}," +
        "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}",
        "The tensor 'b' begins at byte 2 of the data, inside of the tensor before it, which ends at 3.")]
    [TestCase("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}," +
        "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}",
        "The bytes 1 to 2 of the data, before the tensor 'b', belong to no tensor.")]
    [TestCase("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}",
        "The data has 4 bytes; the last 3 bytes belong to no tensor.")]
    [TestCase("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}," +
        "\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[4,4]}}", "The name 'a' appears twice.")]
    [TestCase("{\"__metadata__\":{\"a\":1}}", "The metadata 'a' is Number; a string is needed.")]
    [TestCase("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", "The metadata 'a' appears twice.")]
    [TestCase("{\"__metadata__\":\"a\"}", "__metadata__ is String; an object of strings is needed.")]
    [TestCase("[]", "The header does not begin with '{': this is not a safetensors file.")]
    public void Damage_is_named(string header, string message)
    {
        File.WriteAllBytes(path, Bytes(header, 0, 0, 0, 0));
        Assert.That(() => SafeTensors.Load(path), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo($"{path}: {message}"));
    }

    [Test]
    public void A_header_that_is_no_json_is_named()
    {
        File.WriteAllBytes(path, Bytes("{\"a\":"));
        Assert.That(() => SafeTensors.Load(path),
            Throws.TypeOf<InvalidInputException>().With.Message.StartsWith($"{path}: The header is not JSON: "));
        File.WriteAllBytes(path, Bytes("{\"a\xFF\":1}").Select(b => b == 0xC3 ? (byte)0xFF : b).ToArray());
        Assert.That(() => SafeTensors.Load(path), Throws.TypeOf<InvalidInputException>());
    }

    [TestCase(0ul, "The header does not begin with '{': this is not a safetensors file.")]
    [TestCase(100ul, "The header is said to have 100 bytes, and 4 bytes follow: the file is cut off or damaged.")]
    [TestCase(100_000_001ul, "The header is said to have 100000001 bytes; 100000000 are the most. Is this a safetensors file?")]
    [TestCase(ulong.MaxValue, "The header is said to have 18446744073709551615 bytes; 100000000 are the most. Is this a safetensors file?")]
    public void A_wrong_header_length_is_named(ulong length, string message)
    {
        var bytes = new byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        File.WriteAllBytes(path, bytes);
        Assert.That(() => SafeTensors.Load(path), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo($"{path}: {message}"));
    }

    [Test]
    public void Every_cut_off_file_is_refused()
    {
        using var scope = NewDisposeScope();
        SafeTensors.Save(path, new Dictionary<string, Tensor> { ["a"] = ones(3), ["b"] = ones(2, 2) });
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.That(() => SafeTensors.Load(path), Throws.TypeOf<InvalidInputException>(), $"{length} of {whole.Length} bytes");
        }
        File.WriteAllBytes(path, [.. whole, 0]);
        Assert.That(() => SafeTensors.Load(path), Throws.TypeOf<InvalidInputException>());
    }

    [Test]
    public void Any_damaged_byte_of_the_header_is_refused_or_harmless() => Gen.Select(Gen.Int[0, 1_000], Gen.Byte).Sample((at, value) =>
    {
        using var scope = NewDisposeScope();
        SafeTensors.Save(path, new Dictionary<string, Tensor> { ["a"] = ones(3), ["b"] = ones(2, 2) }, new Dictionary<string,
            string> { ["k"] = "v" });
        var bytes = File.ReadAllBytes(path);
        bytes[at % (bytes.Length - 28)] = value;
        File.WriteAllBytes(path, bytes);
        try
        {
            SafeTensors.Load(path).Dispose();
        }
        catch (InvalidInputException)
        {
            // Refused, as it should be; any other exception fails the test.
        }
    }, iter: 300, threads: 1);

    [Test]
    public void A_missing_file_is_named() =>
        Assert.That(() => SafeTensors.Load(path),
            Throws.TypeOf<InvalidInputException>().With.Message.StartsWith($"{path}: The file cannot be read: "));

    [Test]
    public void What_the_format_does_not_have_is_not_written()
    {
        using var scope = NewDisposeScope();
        Assert.That(() => SafeTensors.Save(path, new Dictionary<string, Tensor> { ["a"] = ones(1, int8) }),
            Throws.ArgumentException.With.Message.StartsWith("The tensor 'a' has the type Int8, which safetensors does not have."));
        Assert.That(() => SafeTensors.Save(path, new Dictionary<string, Tensor> { ["__metadata__"] = ones(1) }),
            Throws.ArgumentException.With.Message.StartsWith("No tensor can be named __metadata__."));
        Assert.That(File.Exists(path), Is.False);
    }

    [Test]
    public void Require_says_what_is_missing()
    {
        using var scope = NewDisposeScope();
        SafeTensors.Save(path, new Dictionary<string, Tensor> { ["a"] = ones(2, 3) });
        using var file = SafeTensors.Load(path);
        Assert.That(file.Require("a", float32, [2, 3]).shape, Is.EqualTo(new long[] { 2, 3 }));
        Assert.That(() => file.Require("b", float32, [2, 3]),
            Throws.TypeOf<InvalidInputException>().With.Message.EqualTo($"{path}: There is no tensor 'b'; there are a."));
        Assert.That(() => file.Require("a", int64, [2, 3]),
            Throws.TypeOf<InvalidInputException>().With.Message.EqualTo($"{path}: The tensor 'a' has the type Float32; Int64 is needed."));
        Assert.That(() => file.Require("a", float32, [3, 2]),
            Throws.TypeOf<InvalidInputException>().With.Message.EqualTo($"{path}: The tensor 'a' has the shape [2,3]; [3,2] is needed."));
    }

    [Test]
    public void Loading_leaves_no_tensor_behind()
    {
        using (NewDisposeScope()) SafeTensors.Save(path, new Dictionary<string, Tensor> { ["a"] = ones(2, 3) });
        var before = Tensor.TotalCount;
        for (var i = 0; i < 5; i++) SafeTensors.Load(path).Dispose();
        Assert.That(Tensor.TotalCount, Is.EqualTo(before));
    }
}
