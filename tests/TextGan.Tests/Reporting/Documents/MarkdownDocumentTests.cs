using TextGan.Reporting.Documents;
using static TextGan.Tests.Reporting.Documents.WrittenRuns;

namespace TextGan.Tests.Reporting.Documents;

public sealed class MarkdownDocumentTests
{
    const string Json = """{ "results": "r.json", "rows": ["better"], "columns": [{ "show": "seeds" }] }""";

    static MarkdownDocument Of(string text) => MarkdownDocument.Of(text, "d.md", _ => Two);

    [TestCase("\n")]
    [TestCase("\r\n")]
    [TestCase("\r")]
    public void OnlyWhatLiesBetweenTheCommentsChanges(string lineBreak)
    {
        var (before, after) = ($"\uFEFF# Title  {lineBreak}{lineBreak}{lineBreak}\ttab \0", $"text{lineBreak}{lineBreak}no line end  ");
        string[] opening = ["   <!-- textgan table", .. Json.Split(", "), "-->  "];
        var start = $"{before}{lineBreak}{string.Join(lineBreak, opening[..2])}{lineBreak}, " +
            $"{string.Join(", ", opening[2..^1])}{lineBreak}-->  ";
        var end = $"<!-- /textgan --> {lineBreak}{after}";
        var made = Of($"{start}{lineBreak}old{lineBreak}{end}");
        var expected = string.Join(lineBreak, start, "", "| experiment | seeds |", "|---|---|", "| `better` | 1 to 3 |", "",
            "Means over seeds 1 to 3 (smallest to largest).", "", end);
        Assert.That(made.Text, Is.EqualTo(expected));
        Assert.That(made.OutOfDate, Is.EqualTo(made.Blocks).And.EqualTo(new[] { 5 }));
        var again = Of(made.Text);
        Assert.That(again.Text, Is.EqualTo(made.Text));
        Assert.That((again.Blocks.Count, again.OutOfDate.Count), Is.EqualTo((1, 0)), "twice changes nothing");
    }

    [Test]
    public void ADocumentWithoutBlocksStaysAsItIs()
    {
        foreach (var text in new[] {
            "", "\n", "<!-- a comment of textgan -->\ntext", "    <!-- textgan table {} -->", "a <!-- textgan table -->" })
            Assert.That((Of(text).Text, Of(text).Blocks.Count), Is.EqualTo((text, 0)));
    }

    [Test]
    public void BlocksInFencedCodeAreExamples()
    {
        var fenced = $"````\n{Block("{")}```\n{Block("{")}````\n";
        Assert.That(Of(fenced).Text, Is.EqualTo(fenced));
        Assert.That(Of($"{fenced}~~~ text\n{Block("{")}~~~\n{Block(Json)}").Blocks, Has.Count.EqualTo(1), "after the code they count");
    }

    [Test]
    public void SeveralBlocksAreMade()
    {
        var made = Of($"one\n{Block(Json)}two\n{Block(Json)}");
        Assert.That(made.Blocks, Is.EqualTo(new[] { 2, 5 }));
        Assert.That(made.Text.Split("| `better` | 1 to 3 |"), Has.Length.EqualTo(3));
        var half = made.Text[..(made.Text.IndexOf("two", StringComparison.Ordinal) + 4)] + Block(Json);
        Assert.That(Of(half).OutOfDate, Is.EqualTo(new[] { 12 }));
        Assert.That(Of(half).Text, Is.EqualTo(made.Text));
    }

    [TestCase("text\n<!-- textgan table {} -->\ntext\n",
        "d.md:2: opens a block that is not closed; '<!-- /textgan -->' on a line of its own closes it.")]
    [TestCase("<!-- textgan table {\n<!-- /textgan -->\n",
        "d.md:1: opens a block that is not closed; '<!-- /textgan -->' on a line of its own closes it.")]
    [TestCase("\n\n<!-- /textgan -->", "d.md:3: closes a block, and none is open.")]
    [TestCase("<!-- textgan table {} --> text\n<!-- /textgan -->", "d.md:1: has text behind '-->', which ends the block's opening.")]
    [TestCase("<!-- textgan picture {} -->\n<!-- /textgan -->",
        "d.md:1: opens a block of the kind 'picture'; there are 'table' and 'command'.")]
    [TestCase("<!-- textgan -->\n<!-- /textgan -->", "d.md:1: opens a block of the kind ''; there are 'table' and 'command'.")]
    public void WhatIsWrongWithABlockIsSaid(string text, string problem) => Assert.That(Refused(text), Is.EqualTo(problem));

    [TestCase("<!-- textgan table -->", 1)]
    [TestCase("<!-- textgan table {,} -->", 1)]
    [TestCase("<!-- textgan table\n{\n  \"results\": \"a\",\n  oops\n}\n-->", 4)]
    [TestCase("<!-- textgan\ntable {\n\"a\": 1, \"a\": 2 } -->", 2)]
    [TestCase("<!-- textgan table { \"a\": \"\\ud800\" } -->", 1)]
    [TestCase("<!-- textgan table { // no comments\n} -->", 1)]
    public void DamagedJsonIsNamedWithItsLine(string opening, int line) =>
        Assert.That(Refused($"\n{opening}\n<!-- /textgan -->"), Does.StartWith($"d.md:{line + 1}: The block's JSON is damaged: ")
            .And.Not.Contain("LineNumber"));

    [Test]
    public void AllProblemsAreSaidAtOnce() => Assert.That(Refused($"<!-- textgan table {{}} -->\n{Block("{}")}<!-- /textgan -->\n"),
        Is.EqualTo(string.Join(Environment.NewLine,
            "d.md:1: opens a block that is not closed; '<!-- /textgan -->' on a line of its own closes it.",
            "d.md:2: $: 'results' is missing: the summaries that the block reads.",
            "d.md:4: closes a block, and none is open.")));

    [Test]
    public void AMissingFileIsNamedWithTheBlock() => Assert.That(
        Refused(Block(Json), name => throw new InvalidInputException("/full/" + name, "The file does not exist.")),
        Is.EqualTo("d.md:1: r.json: The file does not exist."));
}
