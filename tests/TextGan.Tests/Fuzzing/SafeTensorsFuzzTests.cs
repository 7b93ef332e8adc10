using System.Buffers.Binary;
using System.Text;
using CsCheck;
using TextGan.Storage;
using static TorchSharp.torch;

namespace TextGan.Tests.Fuzzing;

/// <summary>Damaged safetensors files: bytes of the whole, and headers that are JSON and lie.</summary>
public class SafeTensorsFuzzTests
{
    [TestCase(300), TestCase(1500, Category = "Long")]
    public void Files(int count)
    {
        using var files = new TemporaryFiles();
        var valid = Valid();
        // Half of the inputs keep the header's length true, so that the damage is looked for where it is.
        var inputs = Gen.Select(Gen.Bool, Mutation.Of([valid]),
            Mutation.Of([valid[8..^28]], "\"a\":", "\"shape\":[", "\"dtype\":\"F64\",", "\"data_offsets\":[0,", "__metadata__",
            "1099511627776"));
        var (worked, refused) =
            Trial.Run(inputs.Select(input => input.Item1 ? input.Item2 : WithHeader(input.Item3, valid.AsSpan(^28))), count, bytes =>
        {
            using var file = SafeTensors.Load(files.Write("weights.safetensors", bytes));
            foreach (var tensor in file.Tensors.Values) Assert.That(tensor.numel(), Is.GreaterThanOrEqualTo(0));
        });
        Assert.That(Math.Min(worked, refused), Is.GreaterThan(count / 100));
    }

    static byte[] WithHeader(byte[] header, ReadOnlySpan<byte> data)
    {
        var bytes = new byte[8 + header.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, 8);
        data.CopyTo(bytes.AsSpan(8 + header.Length));
        return bytes;
    }

    static byte[] Valid()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        SafeTensors.Write(stream, new Dictionary<string, Tensor> { ["a"] = ones(3), ["b.weight"] = ones(2, 2) }, new Dictionary<string,
            string> { ["format"] = "pt" });
        return stream.ToArray();
    }
}
