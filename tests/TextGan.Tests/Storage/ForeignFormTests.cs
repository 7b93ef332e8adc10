using System.Text;
using TextGan.Storage;

namespace TextGan.Tests.Storage;

public class ForeignFormTests
{
    static readonly string[] texts =
        ["a\n", "The cat sat on the mat.\nIt slept.\n", "Это предложение.\nИ ещё одно.\n", "猫坐在垫子上。\n它睡着了。\n第三行。\n",
        "{\"chosen\": \"é🦜\"}\r\n"];

    [TestCase("utf-16", "UTF-16 (little-endian)")]
    [TestCase("utf-16BE", "UTF-16 (big-endian)")]
    [TestCase("utf-32", "UTF-32 (little-endian)")]
    [TestCase("utf-32BE", "UTF-32 (big-endian)")]
    public void Other_encodings_are_named_with_their_mark_and_without(string name, string expected)
    {
        var encoding = Encoding.GetEncoding(name);
        foreach (var text in texts)
        {
            var bytes = encoding.GetBytes(text);
            Assert.That(ForeignForm.Of([.. encoding.Preamble, .. bytes]), Is.EqualTo($"{expected}; save it as UTF-8"),
                $"with its mark: {text}");
            Assert.That(ForeignForm.Of(bytes), Is.EqualTo($"{expected}; save it as UTF-8"), $"without: {text}");
            Assert.That(ForeignForm.Of(encoding.GetBytes(string.Concat(Enumerable.Repeat(text, 2000)))),
                Is.EqualTo($"{expected}; save it as UTF-8"), $"long: {text}");
        }
    }

    [Test]
    public void UTF8_is_nothing_foreign_whatever_is_wrong_with_its_lines()
    {
        foreach (var text in texts) Assert.That(ForeignForm.Of(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text, 2000)))),
            Is.Null, text);
        foreach (var text in (string[])["", "a", "\0", "\0\n\0\n", "a\0b", "one\ntw\0o\n", "one\n\ntw\0o\nx\0", "PAR1 is a level.",
            "BZh91 is a name.", "7z", "PK"])
            Assert.That(ForeignForm.Of(Encoding.UTF8.GetBytes(text)), Is.Null, text);
        Assert.That(ForeignForm.Of([.. "one\nn\0l\n"u8, 0xFF, .. "\ntwo\n1234567\n"u8]), Is.Null);
    }

    // The beginnings that the formats' own documents give.
    [TestCase(new byte[] { 0x1F, 0x8B, 0x08 }, "compressed (gzip); unpack it")]
    [TestCase(new byte[] { 0x50, 0x4B, 0x03, 0x04 }, "compressed (zip); unpack it")]
    [TestCase(new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 0x24 }, "compressed (zstd); unpack it")]
    [TestCase(new byte[] { 0x42, 0x5A, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59 }, "compressed (bzip2); unpack it")]
    [TestCase(new byte[] { 0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00 }, "compressed (xz); unpack it")]
    [TestCase(new byte[] { 0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C }, "compressed (7z); unpack it")]
    [TestCase(new byte[] { 0x50, 0x41, 0x52, 0x31, 0x15, 0x04 }, "Parquet; convert it to text")]
    public void Files_of_other_kinds_are_named(byte[] beginning, string expected) =>
        Assert.That(ForeignForm.Of(beginning), Is.EqualTo(expected));

    [Test]
    public void A_pointer_in_place_of_the_file_is_named() => Assert.That(
        ForeignForm.Of("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"u8),
            Is.EqualTo("only a pointer of Git LFS; fetch the real file with 'git lfs pull'"));
}
