using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using TextGan.Reporting;

namespace TextGan.Tests.Cli;

/// <summary>Texts and names of an attacker come through every output and do no harm where it is opened.</summary>
public class SafeOutputTests
{
    static readonly string[] hostile =
    [
        "<script>alert(1)</script>", "\"><img/src=x/onerror=alert(1)>", "&lt;b&gt;]]>", "\u001b[2J\u001b]0;owned\a", "\u009b31m",
            "\u202Eevil\u2066x", "=HYPERLINK(\"http://x\",\"y\")", "@SUM(1)", "+1", "-1+cmd|'/c'!A1", "a\u200Bb\uFEFF", "\u2028x\u2029",
            "\u0085x\u007f", "\U000E0041tag", "'; DROP", "%s%n", "${HOME}",
    ];

    /// <summary>Nothing that moves a cursor, reorders or hides what stands around it.</summary>
    static void RequireHarmless(string text, string where)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '\t' && where.EndsWith(".svg", StringComparison.Ordinal)) continue; // how Skia indents
            var category = Rune.GetUnicodeCategory(rune);
            var harmless = rune.Value is '\n' or '\r' or 0x200C or 0x200D
                || (category is not (
                    UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator) && rune.Value is not (>= 0xE0000 and <= 0xE0FFF));
            Assert.That(harmless, $"{where}: U+{rune.Value:X4} in {text[..Math.Min(text.Length, 2000)]}");
        }
    }

    [Test]
    public void A_run_on_hostile_texts_writes_nothing_harmful()
    {
        var experiment = JsonNode.Parse(Workplace.Experiments)!;
        experiment["experiments"]![0]!["description"] = string.Join(' ', hostile).Replace("${", "$${");
        using var place = new Workplace(experiment.ToJsonString());
        // Words are parted by white space, which some of these are.
        File.WriteAllLines(place.At("sentences.txt"), Enumerable.Range(0, 3).SelectMany(_ => hostile).Select(text => $"{text} {text}"));
        var result = CommandRun.In(place.Folder, null, "run", "--runs", place.At("runs"), "--plots", place.At("plots"));
        Assert.That(result.Code, Is.Zero, result.Error);
        RequireHarmless(result.Output, "the log and the table");
        RequireHarmless(result.Error, "errors");
        var read = 0;
        foreach (var file in Directory.EnumerateFiles(place.Folder, "*", SearchOption.AllDirectories))
        {
            if (Path.GetExtension(file) is ".png" or ".safetensors" || file == place.At("sentences.txt")
                || file == place.At("experiments.json")) continue;
            RequireHarmless(File.ReadAllText(file), file);
            read++;
        }
        Assert.That(read, Is.GreaterThan(15));
        Assert.That(File.ReadAllText(Directory.EnumerateFiles(place.At("runs", "first", "1", "samples")).First()), Does.Contain("\\u"),
            "the texts are there, as escapes");
        var config = JsonNode.Parse(File.ReadAllText(place.At("runs", "first", "1", "config.json")))!;
        Assert.That(config["description"]!.GetValue<string>(), Is.EqualTo(string.Join(' ', hostile).Replace("${", "$${")),
            "what was escaped is the same text still");
        var sampled = CommandRun.In(place.Folder, null, "sample", place.At("runs", "first", "1"), "--count", "50");
        Assert.That(sampled.Code, Is.Zero, sampled.Error);
        RequireHarmless(sampled.Output, "samples");
        foreach (var command in (string[][])[["list"], ["validate"]]) RequireHarmless(
            CommandRun.In(place.Folder, null, command).Output, command[0]);
    }

    [Test]
    public void Pictures_and_tables_of_hostile_names_are_harmless()
    {
        using var place = new Workplace();
        string[] runs = [place.At("runs", "<b>&amp;\u202E=1+1", "1"), place.At("runs", "=cmd|' /C calc'!A0", "2")];
        foreach (var run in runs)
        {
            Directory.CreateDirectory(run);
            using var lines = new StreamWriter(Path.Combine(run, "metrics.jsonl"));
            for (var step = 0; step <= 3; step++)
            {
                var values = new Dictionary<string, double> { ["total"] = step };
                foreach (var name in hostile)
                {
                    values[$"discriminator/{name}/loss"] = step;
                    values[$"discriminator/{name}/accuracyReal"] = 0.5;
                    values[$"term/{name}/weighted"] = step;
                    values[$"term/{name}/raw"] = step;
                    values[$"metric/{name}"] = step;
                }
                lines.WriteLine(JsonSerializer.Serialize(new { phase = "adversarial", step, seconds = 1.0, values }));
            }
        }
        var result = CommandRun.In(place.Folder, null, ["plot", .. runs, "--plots", place.At("plots"), "--name", "&amp;\u202Eall"]);
        Assert.That(result.Code, Is.Zero, result.Error);
        RequireHarmless(result.Output, "the list of files");
        string[] pictures = [.. Directory.EnumerateFiles(place.At("plots"), "*.svg", SearchOption.AllDirectories)];
        Assert.That(pictures, Has.Length.GreaterThan(4));
        foreach (var picture in pictures)
        {
            var text = File.ReadAllText(picture);
            RequireHarmless(text, picture);
            string[] allowed = ["svg", "g", "path", "text", "tspan", "rect", "line", "circle", "ellipse", "polygon", "polyline", "defs",
                "clipPath", "use", "linearGradient", "stop", "pattern", "mask"];
            foreach (var element in XDocument.Parse(text).Descendants())
            {
                Assert.That(allowed, Does.Contain(element.Name.LocalName), picture);
                Assert.That(element.Attributes().Select(attribute => attribute.Name.LocalName)
                    .Where(name => name.StartsWith("on", StringComparison.OrdinalIgnoreCase)), Is.Empty, picture);
            }
        }
        var table = File.ReadAllText(Directory.EnumerateFiles(place.At("plots"), "summary.csv", SearchOption.AllDirectories).Single());
        RequireHarmless(table, "summary.csv");
        var rows = table.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[1..];
        Assert.That(rows, Has.Length.EqualTo(2 * hostile.Length));
        foreach (var field in rows.Select(row => row.TrimStart('"'))
            .Concat(rows.Select(row => row.Split(",adversarial,")[1].TrimStart('"'))))
            Assert.That("=+-@\t\r＝＋－＠", Does.Not.Contain(field[0].ToString()), field);
    }

    [TestCase("＝1+1", "'＝1+1"), TestCase("=1", "'=1"), TestCase("@x", "'@x"), TestCase("\nx", "\"'\nx\""), TestCase("plain", "plain")]
    public void A_field_is_no_formula(string text, string field) => Assert.That(Label.CsvField(text), Is.EqualTo(field));
}
