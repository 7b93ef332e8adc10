using System.Text;
using CsCheck;
using TextGan.Data;
using TextGan.Tests.Tokenization;

namespace TextGan.Tests.Data;

public class TextStrictLineReaderTests
{
    static List<StrictLine> Read(byte[] bytes, int maximumLineLength = 1000, int chunk = int.MaxValue)
    {
        var reader = new StrictLineReader(new ChunkedStream(bytes, chunk), maximumLineLength);
        var lines = new List<StrictLine>();
        while (reader.TryRead(out var line)) lines.Add(line);
        return lines;
    }

    static List<StrictLine> Read(string text, int maximumLineLength = 1000) => Read(Encoding.UTF8.GetBytes(text), maximumLineLength);

    [TestCase("", "")]
    [TestCase("a", "1:a")]
    [TestCase("a\n", "1:a")]
    [TestCase("a\nb", "1:a|2:b")]
    [TestCase("a\r\nb\r\n", "1:a|2:b")]
    [TestCase("\n\na", "1:|2:|3:a")]
    [TestCase("\uFEFFa\n\uFEFFb", "1:a|2:\uFEFFb")]
    [TestCase("a\rb\r", "1:a|2:b")]
    [TestCase("a\r\rb\n\rc\r\n", "1:a|2:|3:b|4:|5:c")]
    [TestCase("a\u2028b\u0085c\u000Cd\n", "1:a\u2028b\u0085c\u000Cd")]
    [TestCase(" é🦜 \n", "1: é🦜 ")]
    public void Lines_are_counted_and_freed_of_their_ends(string text, string expected) =>
        Assert.That(string.Join('|', Read(text).Select(line => $"{line.Number}:{line.Text}")), Is.EqualTo(expected));

    [Test]
    public void However_the_bytes_arrive_the_lines_are_the_same() =>
        Gen.Select(RandomText.OneOf("a", "é", "🦜", "\n", "\r\n", "\r", "\n\n", "xyz").Array[0, 40], Gen.Int[1, 7]).Sample((parts, chunk) =>
        {
            var text = string.Concat(parts);
            var expected = new List<string>();
            using (var reader = new StringReader(text))
            {
                while (reader.ReadLine() is { } line) expected.Add(line);
            }
            Assert.That(Read(Encoding.UTF8.GetBytes(text), 1000, chunk).Select(line => line.Text), Is.EqualTo(expected));
        });

    [TestCase(new byte[] { 0x61, 0xFF }, "0xFF at byte 2")]
    [TestCase(new byte[] { 0xC3 }, "0xC3 at byte 1")] // cut short
    [TestCase(new byte[] { 0xC0, 0x80 }, "0xC0 at byte 1")] // overlong NUL
    [TestCase(new byte[] { 0x61, 0x62, 0xED, 0xA0, 0x80 }, "0xED at byte 3")] // a surrogate
    [TestCase(new byte[] { 0xF4, 0x90, 0x80, 0x80 }, "0xF4 at byte 1")] // above U+10FFFF
    public void What_is_no_UTF8_is_a_fault_of_its_line(byte[] bad, string where)
    {
        var lines = Read([0x78, 0x0A, .. bad, 0x0A, 0x79]);
        Assert.That(lines, Is.EqualTo(new[]
        {
            new StrictLine(1, "x", null),
            new StrictLine(2, null, $"The line is not valid UTF-8: {where} of the line does not begin a character."),
            new StrictLine(3, "y", null),
        }));
    }

    [TestCase("a")]
    [TestCase("é")]
    [TestCase("日")]
    public void The_limit_is_in_characters(string character)
    {
        string Line(int length) => string.Concat(Enumerable.Repeat(character, length));
        var lines = Read($"{Line(5)}\r\n{Line(6)}\n{Line(4000)}\r\n{Line(5)}", 5);
        var fault = "The line is longer than 5 characters.";
        Assert.That(lines, Is.EqualTo(
            new[] { new StrictLine(1, Line(5), null), new(2, null, fault), new(3, null, fault), new(4, Line(5), null) }));
    }

    [Test]
    public void An_overlong_line_is_refused_before_its_rest_is_read()
    {
        var stream = new ChunkedStream(new byte[50_000_000].Select(_ => (byte)'a').ToArray(), 4096);
        var reader = new StrictLineReader(stream, 1000);
        Assert.That(reader.TryRead(out var line), Is.True);
        Assert.That(line.Fault, Is.EqualTo("The line is longer than 1,000 characters."));
        Assert.That(stream.Position, Is.LessThan(10_000));
        Assert.That(reader.TryRead(out _), Is.False);
    }

    /// <summary>Gives at most so many bytes at a time.</summary>
    sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, chunk)]);
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, chunk));
    }
}
