using TextGan.Tests.Learning;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Tests.Tokenization;

public sealed class AllTextsTests
{
    static string[] Rows(Tensor ids) => [.. ids.data<long>().ToArray().Chunk((int)ids.shape[1]).Select(row => string.Join(',', row))];

    [Test]
    public void All_rows_without_an_end_and_each_ended_row_once()
    {
        using var scope = NewDisposeScope();
        Assert.That(Rows(AllTexts.Of(2, 2, null)), Is.EqualTo(new[] { "0,0", "0,1", "1,0", "1,1" }));
        Assert.That(Rows(AllTexts.Of(3, 2, endId: 1)), Is.EqualTo(new[] { "0,0", "0,1", "0,2", "1,1", "2,0", "2,1", "2,2" }));
        Assert.That(Rows(AllTexts.Of(2, 3, endId: 0, paddingId: 7)), Is.EqualTo(new[] { "0,7,7", "1,0,7", "1,1,0", "1,1,1" }));
    }

    [TestCase(4, 3, null)]
    [TestCase(4, 3, 2)]
    [TestCase(2, 5, 0)]
    [TestCase(5, 1, 4)]
    public void They_are_as_many_as_counted_and_the_same_as_by_another_method(int vocabulary, int length, int? end)
    {
        using var scope = NewDisposeScope();
        var rows = Rows(AllTexts.Of(vocabulary, length, end));
        Assert.That(rows, Is.Unique.And.EquivalentTo(Rows(Enumeration.AllTexts(vocabulary, length, end))));
        Assert.That(AllTexts.Count(vocabulary, length, end), Is.EqualTo(rows.Length));
    }

    [Test]
    public void Too_many_are_not_made()
    {
        Assert.That(AllTexts.Count(12, 5, null), Is.EqualTo(248_832));
        Assert.That(AllTexts.Count(1_000_000, 1_000_000, null), Is.GreaterThan(AllTexts.Most));
        Assert.That(() => AllTexts.Of(13, 5, null), Throws.ArgumentException.With.Message.StartsWith(
            "There are more than 250,000 texts of 5 tokens from 13."));
    }
}
