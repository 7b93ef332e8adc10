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
    public void Their_blocks_are_up_to_date() =>
        Assert.That(CommandRun.Of(["document", "--check", .. Documents()]), Is.EqualTo(new CommandRun(0, "", "")));

    [Test]
    public void All_summaries_can_be_read_and_are_small() => Assert.Multiple(() =>
    {
        if (!Directory.Exists(ResultsFolder)) return;
        foreach (var file in Directory.EnumerateFiles(ResultsFolder))
        {
            Assert.That(ResultFile.Parse(File.ReadAllBytes(file), file).Runs, Is.Not.Empty);
            Assert.That(new FileInfo(file).Length, Is.LessThan(1 << 20), file);
        }
    });
}
