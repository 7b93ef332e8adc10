using System.Globalization;
using System.Text;
using CsCheck;
using TextGan.Safety;

namespace TextGan.Tests.Safety;

public class SafeTextTests
{
    [TestCase("plain text, [bold]brackets[/] and \\ stay", "plain text, [bold]brackets[/] and \\ stay")]
    [TestCase("ünïcödé 漢字 \U0001F600", "ünïcödé 漢字 \U0001F600")]
    [TestCase("a\nb\r\nc\td", "a\\nb\\r\\nc\\td")]
    [TestCase("\u001b[31mred\u001b[0m", "\\u001b[31mred\\u001b[0m", Description = "terminal escape")]
    [TestCase("\u009b31m", "\\u009b31m", Description = "eight-bit terminal escape")]
    [TestCase("bell\a back\b null\0 del\u007f", "bell\\u0007 back\\u0008 null\\u0000 del\\u007f")]
    [TestCase("abc\u202ecba\u2066x\u2069\u200e\u061c", "abc\\u202ecba\\u2066x\\u2069\\u200e\\u061c", Description = "bidirectional marks")]
    [TestCase("a\u2028b\u2029c\u200bd\ufeffe", "a\\u2028b\\u2029c\\u200bd\\ufeffe", Description = "separators and invisible characters")]
    [TestCase("\U000E0041hidden", "\\U000e0041hidden", Description = "tag characters")]
    [TestCase("family \U0001F468\u200d\U0001F469", "family \U0001F468\u200d\U0001F469", Description = "joined emoji")]
    [TestCase("\ufffd", "\ufffd")]
    public void ShowsWhatIsHarmlessAndEscapesTheRest(string text, string expected) =>
        Assert.That(SafeText.Line(text), Is.EqualTo(expected));

    // Halves of surrogate pairs cannot stand in an attribute.
    [Test]
    public void ReplacesHalvesOfSurrogatePairs()
    {
        Assert.That(SafeText.Line("a\ud83db"), Is.EqualTo("a\ufffdb"));
        Assert.That(SafeText.Line("\ude00\ud83d"), Is.EqualTo("\ufffd\ufffd"));
        Assert.That(SafeText.Line("\ud83d\ud83d\ude00!"), Is.EqualTo("\ufffd\U0001F600!"));
    }

    [Test]
    public void TakesNullAsEmpty() => Assert.That(SafeText.Line(null), Is.EqualTo(""));

    [TestCase("abcdef", 6, "abcdef")]
    [TestCase("abcdef", 5, "abcde…")]
    [TestCase("a\nb\nc", 3, "a\\nb…")]
    [TestCase("\U0001F600\U0001F600\U0001F600", 2, "\U0001F600\U0001F600…")]
    [TestCase("", 0, "")]
    [TestCase("a", 0, "…")]
    public void CutsBetweenCharacters(string text, int limit, string expected) =>
        Assert.That(SafeText.Line(text, limit), Is.EqualTo(expected));

    [Test]
    public void KeepsLineBreaksWhereSeveralLinesAreAllowed() =>
        Assert.That(SafeText.Lines("one\r\ntwo\u001b[2J\n\nthree"),
            Is.EqualTo(string.Join(Environment.NewLine, "one", "two\\u001b[2J", "", "three")));

    [Test]
    public void NothingUnsafeComesThrough()
    {
        var characters = Gen.OneOf(Gen.Char, Gen.Char['\0', '\u00ff'], Gen.Char['\u2000', '\u206f'], Gen.Char['\ud800', '\udfff']);
        characters.Array[0, 40].Select(array => new string(array)).Sample(text =>
        {
            var line = SafeText.Line(text);
            foreach (var rune in line.EnumerateRunes())
            {
                var category = Rune.GetUnicodeCategory(rune);
                if (category is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                    return false;
                if (category is UnicodeCategory.Format && rune.Value is not (0x200C or 0x200D)) return false;
            }
            // valid UTF-16, and safe text is left alone
            return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(line)) == line && SafeText.Line(line) == line;
        });
    }

    [Test]
    public void JsonKeepsItsMeaning()
    {
        const string text = "a\u202Eb \U000E0041 \u200B \u2028 <b> \U0001F600";
        var json = SafeText.Json("{\n\t\"x\": \"" + text + "\"\r\n}");
        Assert.That(json, Is.EqualTo("{\n\t\"x\": \"a\\u202eb \\udb40\\udc41 \\u200b \\u2028 <b> \U0001F600\"\r\n}"));
        Assert.That(System.Text.Json.Nodes.JsonNode.Parse(json)!["x"]!.GetValue<string>(), Is.EqualTo(text));
    }
}
