using TextGan.Reporting.Documents;
using TextGan.Tests.Cli;

namespace TextGan.Tests.Reporting.Documents;

/// <summary>The repository's own documents: their figures are those of experiments/results.</summary>
public sealed class ShippedDocumentTests
{
    static string[] Documents() =>
    [
        Path.Combine(Repository.Root, "README.md"),
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal),
    ];

    static string ResultsFolder => Path.Combine(Repository.Root, "experiments", "results");

    [Test]
    public void Their_blocks_are_up_to_date()
    {
        Assert.That(CommandRun.Of(["document", "--check", .. Documents()]), Is.EqualTo(new CommandRun(0, "", "")));
        if (Documents().All(file => MarkdownDocument.Of(File.ReadAllText(file), file, name => ResultFile.Parse(
            File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(file)!, name)), name)).Blocks.Count == 0))
            Assert.Ignore("no document has a block yet");
    }

    [Test]
    public void All_summaries_can_be_read_and_are_small()
    {
        if (!Directory.Exists(ResultsFolder)) Assert.Ignore("there are no summaries yet");
        Assert.Multiple(() =>
        {
            foreach (var file in Directory.EnumerateFiles(ResultsFolder))
            {
                Assert.That(ResultFile.Parse(File.ReadAllBytes(file), file).Runs, Is.Not.Empty);
                Assert.That(new FileInfo(file).Length, Is.LessThan(1 << 20), file);
            }
        });
    }
}
