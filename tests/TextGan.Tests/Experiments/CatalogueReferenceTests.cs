using TextGan.Experiments.Catalogue;

namespace TextGan.Tests.Experiments;

/// <summary>The reference of all options.</summary>
public sealed class CatalogueReferenceTests
{
    static readonly string[] Lines = [.. CatalogueReference.Lines(KindCatalogue.BuiltIn)];

    [Test]
    public void The_shipped_one_is_up_to_date() =>
        Assert.That(File.ReadAllLines(Path.Combine(Repository.Root, "docs", "reference.md")), Is.EqualTo(Lines),
            "write it anew: textgan reference -o docs/reference.md");

    [Test]
    public void It_has_every_kind_and_every_option()
    {
        foreach (var family in KindCatalogue.BuiltIn.Families)
        {
            var from = Array.IndexOf(Lines, $"## {family.Name}");
            Assert.That(from, Is.Positive, family.Name);
            var to = Array.FindIndex(Lines, from + 1, line => line.StartsWith("## ", StringComparison.Ordinal));
            var part = Lines[from..(to < 0 ? Lines.Length : to)];
            foreach (var kind in family.Kinds)
            {
                Assert.That(part, Does.Contain($"### {kind.Name}"));
                foreach (var property in kind.Properties)
                    Assert.That(part.Any(line => line.StartsWith($"| `{property.Name}` |", StringComparison.Ordinal)), Is.True,
                        $"{family.Name}/{kind.Name}.{property.Name}");
            }
        }
    }

    [Test]
    public void What_all_kinds_of_a_family_share_stands_once()
    {
        var from = Array.IndexOf(Lines, "## discriminator");
        var to = Array.FindIndex(Lines, from + 1, line => line.StartsWith("## ", StringComparison.Ordinal));
        Assert.That(Lines[from..to].Count(line => line.StartsWith("| `weight` |", StringComparison.Ordinal)), Is.EqualTo(1));
    }
}
