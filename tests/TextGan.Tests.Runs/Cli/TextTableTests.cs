using TextGan.Cli.Display;

namespace TextGan.Tests.Cli;

public class TextTableTests
{
    [Test]
    public void AlignsNamesToTheLeftAndNumbersToTheRight()
    {
        var table = new TextTable("name", "loss", "steps");
        table.Add("short", "0.5", "12");
        table.Add("a longer one", "12.25");
        Assert.That(table.Lines(80), Is.EqualTo(new[]
        {
            "name           loss  steps",
            "short           0.5     12",
            "a longer one  12.25",
        }));
    }

    [Test]
    public void ContinuesBelowWhatDoesNotFit()
    {
        var table = new TextTable("name", "first", "second", "third");
        table.Add("x", "1", "2", "3");
        Assert.That(table.Lines(19), Is.EqualTo(new[] { "name  first  second", "x         1       2", "", "name  third", "x         3" }));
    }

    [Test]
    public void ANarrowPageHasAParagraphForEachRow()
    {
        var table = new TextTable("name", "status", "why") { LeftAligned = true };
        table.Add("grammar-reinforce/1", "failed", "a sentence that is longer than a line");
        table.Add("second/1", "finished");
        Assert.That(table.Lines(28), Is.EqualTo(new[]
        {
            "grammar-reinforce/1", "  status failed", "  why a sentence that is", "  longer than a line", "second/1", "  status finished",
        }));
        Assert.That(table.Lines(60)[1], Is.EqualTo("grammar-reinforce/1  failed"), "where two columns have room, they are a table");
    }

    [Test]
    public void CountsWideCharactersTwice()
    {
        var table = new TextTable("", "") { LeftAligned = true };
        table.Add("漢字", "1");
        table.Add("abcd", "2");
        Assert.That(table.Lines(80), Is.EqualTo(new[] { "漢字  1", "abcd  2" }));
    }

    [Test]
    public void FiguresFillColumnsDownwards()
    {
        var figures = new Dictionary<string, double> { ["metric/bleu-2"] = 0.5, ["nll"] = 12.25, ["new"] = 1 };
        Assert.That(FigureColumns.Lines(figures, 45), Is.EqualTo(new[] { "  bleu-2 0.500    new    1.000", "  nll    12.25" }));
        Assert.That(FigureColumns.Lines(figures, 10), Is.EqualTo(new[] { "  bleu-2 0.500", "  nll    12.25", "  new    1.000" }));
        Assert.That(FigureColumns.Lines(new Dictionary<string, double>(), 80), Is.Empty);
    }
}
