using System.Text;
using CsCheck;
using TextGan.Data;

namespace TextGan.Tests.Data;

public class TextGzipTests
{
    static byte[] Decompress(byte[] bytes)
    {
        using var stream = new WholeGzipStream(new MemoryStream(bytes));
        using var result = new MemoryStream();
        stream.CopyTo(result);
        return result.ToArray();
    }

    [Test]
    public void What_is_cut_short_anywhere_is_refused()
    {
        var whole = TemporaryFiles.Gzip(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 400).Select(i => $"line {i}\n"))));
        Assert.That(Decompress(whole), Has.Length.EqualTo(10 * 7 + 90 * 8 + 300 * 9));
        for (var length = 1; length < whole.Length; length++)
            Assert.That(() => Decompress(whole[..length]), Throws.TypeOf<InvalidDataException>(), $"{length} of {whole.Length} bytes");
    }

    [Test]
    public void A_changed_bit_is_noticed_or_means_nothing()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 50).Select(i => $"line {i}\n")));
        var whole = TemporaryFiles.Gzip(text);
        var unnoticed = new List<int>();
        for (var bit = 0; bit < 8 * whole.Length; bit++)
        {
            var changed = (byte[])whole.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.That(Decompress(changed), Is.EqualTo(text), $"bit {bit}");
                unnoticed.Add(bit / 8);
            }
            catch (InvalidDataException)
            {
            }
        }
        // Time, flags and system in the ten bytes of the header, and unused bits of the last byte before the checksum of eight.
        Assert.That(unnoticed, Is.Not.Empty.And.All.Matches<int>(at => at < 10 || at == whole.Length - 9));
    }

    [Test]
    public void Several_members_are_one_content_whatever_their_sizes() =>
        Gen.Select(Gen.Byte.Array[0, 20_000], Gen.Byte.Array[0, 300]).Sample((first, second) =>
    {
        Assert.That(Decompress([.. TemporaryFiles.Gzip(first), .. TemporaryFiles.Gzip(second)]).AsSpan()
            .SequenceEqual([.. first, .. second]));
    }, iter: 200);

    [Test]
    public void Members_that_end_at_the_edge_of_a_buffer_are_whole()
    {
        // Random bytes are stored, so the compressed size follows the length one by one across 8192, the size of the framework's buffer.
        var random = new Random(1);
        for (var length = 8100; length <= 8200; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            Assert.That(Decompress(TemporaryFiles.Gzip(bytes)).AsSpan().SequenceEqual(bytes), $"{length} bytes");
        }
    }

    [Test]
    public void Other_data_behind_the_end_are_refused() =>
        Assert.That(() => Decompress([.. TemporaryFiles.Gzip("text"u8.ToArray()), .. "more"u8]), Throws.TypeOf<InvalidDataException>());
}
