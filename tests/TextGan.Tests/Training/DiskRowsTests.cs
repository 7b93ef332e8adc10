using TextGan.Data;
using TextGan.Tokenization;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Tests.Training;

public class DiskRowsTests
{
    static readonly string[] texts =
        [.. Enumerable.Range(0, 1000).Select(i =>
        string.Join(' ', Enumerable.Range(0, i % 9).Select(k => $"w{(i * 7 + k * k) % 300}").Append("end")))];

    [TestCase(3), TestCase(8), TestCase(40)]
    public void Rows_are_those_in_memory(int length)
    {
        using var scope = NewDisposeScope();
        var encoder = new TextEncoder(WordTokenizer.Fit(texts), length);
        using var disk = Encode(texts, streamed: true, encoder);
        using var memory = Encode(texts, streamed: false, encoder);
        Compare(disk, memory);
    }

    [Test]
    public void Ids_beyond_two_bytes_are_kept()
    {
        using var scope = NewDisposeScope();
        var encoder = new TextEncoder(new IdTokenizer(1_000_000), 2);
        string[] rows = ["0 999999", "65535 65536", "70000 1"];
        using var disk = Encode(rows, streamed: true, encoder);
        Assert.That(disk.Range(0, 3).data<long>().ToArray(), Is.EqualTo(new long[] { 0, 999999, 65535, 65536, 70000, 1 }));
        var narrow = new TextEncoder(new IdTokenizer(65_536), 2);
        using var two = Encode(["0 65535"], streamed: true, narrow);
        Assert.That(two.Select([0]).data<long>().ToArray(), Is.EqualTo(new long[] { 0, 65535 }));
    }

    [Test]
    public void Nothing_is_left_in_the_folder_of_temporary_files()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("the file goes with its handle there");
        string[] Files() => Directory.GetFiles(Path.GetTempPath(), "textgan-*.ids");
        var before = Files();
        using var disk = Encode(texts, streamed: true, new TextEncoder(WordTokenizer.Fit(texts), 4));
        Assert.That(Files().Except(before), Is.Empty, "while it is in use");
        Assert.That(disk.Count, Is.EqualTo(1000));
    }

    static void Compare(IdRows one, IdRows other)
    {
        Assert.That(one.Count, Is.EqualTo(other.Count));
        long[] picked = [999, 0, 5, 5, 731];
        foreach (var (a, b) in ((Tensor, Tensor)[])[
            (one.Select(picked), other.Select(picked)), (one.Range(0, 1000), other.Range(0, 1000)), (one.Range(17, 3), other.Range(17, 3))])
        {
            Assert.That(a.dtype, Is.EqualTo(ScalarType.Int64));
            Assert.That(a.shape, Is.EqualTo(b.shape));
            Assert.That(a.data<long>().ToArray(), Is.EqualTo(b.contiguous().data<long>().ToArray()));
        }
    }

    static IdRows Encode(IReadOnlyList<string> texts, bool streamed, TextEncoder encoder) =>
        EncodedSide.Of(new DataSplit(texts) { Streamed = streamed }, encoder).Texts;
}
