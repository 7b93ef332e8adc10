using TextGan.Discriminators;
using TextGan.Learning.Matching;
using TextGan.Storage;
using TextGan.Tokenization;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Matching;

/// <summary>Texts are rows of eight tokens: the first is 1 with the property and 2 without, then come 3s and the end 0.</summary>
public sealed class MatchedRowsTests
{
    const int T = 8;

    sealed class FirstToken(params double[] thresholds) : ITextProperty
    {
        public int Renewals { get; private set; }

        public double[] Scores(TextBatch texts) => [.. Firsts(texts).Select(id => id == 1 ? 1.0 : 0)];

        public double Threshold(double[] real, double[] generated) => thresholds.ElementAtOrDefault(Renewals++);
    }

    static long[] Firsts(TextBatch texts) => texts.Ids.select(1, 0).contiguous().data<long>().ToArray();

    static int[] Lengths(TextBatch texts) => [.. texts.Mask.sum(1).data<float>().ToArray().Select(length => (int)length)];

    static TextBatch Texts(IEnumerable<(bool Has, int Length)> texts)
    {
        long[][] rows = [.. texts.Select(text => Enumerable.Range(0, T)
            .Select(t => t >= text.Length - 1 ? 0L : t == 0 ? (text.Has ? 1 : 2) : 3).ToArray())];
        return new TextBatch(tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, T], int64), 0);
    }

    static MatchedRows Rows(MatchOptions options, ITextProperty? property, TextBatch real, int seed = 1) => new(
        options, property, real.Batch, new BatchOrder(real.Batch, seed, "order"),
        rows => new TextBatch(real.Ids.index_select(0, tensor(rows)), 0), seed, "match");

    /// <summary>100 real texts, every second one with the property.</summary>
    static TextBatch Half() => Texts(Enumerable.Range(0, 100).Select(i => (i % 2 == 0, 4)));

    static readonly MatchOptions OfRule = new() { Judge = "any", Texts = 100, Every = 10, Memory = 0 };

    [TestCase(1, 8)]
    [TestCase(3, 8)]
    [TestCase(8, 8)]
    [TestCase(0, 8)]
    public void TheShareIsThatOfTheGeneratedTexts(int with, int of)
    {
        using var scope = NewDisposeScope();
        var real = Half();
        var matched = Rows(OfRule, new FirstToken(), real);
        var generated = Texts(Enumerable.Range(0, of).Select(i => (i < with, 4)));
        var shares = Enumerable.Range(0, 200).Select(_ =>
        {
            var rows = matched.Next(10, generated);
            Assert.That(rows, Has.Length.EqualTo(10).And.Unique);
            var count = rows.Count(row => row % 2 == 0);
            Assert.That(count, Is.EqualTo(10.0 * with / of).Within(1), "rounded down or up");
            Assert.That(matched.Shares, Is.EqualTo((with / (double)of, count / 10.0)));
            return count / 10.0;
        }).ToArray();
        // A share of .125 is 1 or 2 of 10, with a deviation of at most .05: that of the mean is at most .0035.
        Assert.That(shares.Average(), Is.EqualTo(with / (double)of).Within(0.015));
    }

    /// <summary>Of 8 texts 8, then 0: with a memory of ½ the estimate is 1, ½·8/(½·8 + 8) = ⅓, ⅐.</summary>
    [Test]
    public void TheEstimateForgetsGradually()
    {
        using var scope = NewDisposeScope();
        var matched = Rows(OfRule with { Memory = 0.5 }, new FirstToken(), Half());
        var (all, none) = (Texts(Enumerable.Repeat((true, 4), 8)), Texts(Enumerable.Repeat((false, 4), 8)));
        matched.Next(10, all);
        Assert.That(matched.Shares.Generated, Is.EqualTo(1));
        matched.Next(10, none);
        Assert.That(matched.Shares.Generated, Is.EqualTo(1.0 / 3).Within(1e-12));
        matched.Next(10, none);
        Assert.That(matched.Shares.Generated, Is.EqualTo(1.0 / 7).Within(1e-12));
    }

    [Test]
    public void AClassIsUsedUpBeforeATextComesAgain()
    {
        using var scope = NewDisposeScope();
        var matched = Rows(OfRule, new FirstToken(), Half());
        var generated = Texts([(true, 4)]);
        var drawn = Enumerable.Range(0, 5).SelectMany(_ => matched.Next(10, generated)).ToArray();
        Assert.That(drawn, Is.Unique.And.All.Matches<long>(row => row % 2 == 0), "all 50");
    }

    [Test]
    public void LengthsHaveTheSameDistribution()
    {
        using var scope = NewDisposeScope();
        var real = Texts(Enumerable.Range(0, 120).Select(i => (true, i % 12 == 0 ? 6 : 2 + i % 3))); // mostly 2, 3 and 4
        var matched = Rows(new MatchOptions { Length = true, Texts = 120, Memory = 0 }, null, real);
        var lengths = Lengths(real);
        var generated = Texts(new[] { 2, 3, 3, 6, 6, 6, 6, 6 }.Select(length => (false, length)));
        var drawn = Enumerable.Range(0, 100).SelectMany(_ => matched.Next(8, generated)).Select(row => lengths[row]).ToArray();
        Assert.That(drawn.GroupBy(length => length).OrderBy(group => group.Key).Select(group => (group.Key, group.Count())),
            Is.EqualTo(new[] { (2, 100), (3, 200), (6, 500) }));
    }

    /// <summary>Real texts have 2 or 6 tokens.</summary>
    [TestCase(1, 3, 2)]
    [TestCase(1, 4, 2)]
    [TestCase(1, 5, 6)]
    [TestCase(1, 8, 6)]
    [TestCase(4, 4, 2)] // the bin of 1 to 4
    [TestCase(4, 5, 6)]
    public void TheNearestLengthTakesThePlaceOfOneThatNoRealTextHas(int bin, int generated, int expected)
    {
        using var scope = NewDisposeScope();
        var real = Texts(Enumerable.Range(0, 20).Select(i => (true, i < 10 ? 2 : 6)));
        var matched = Rows(new MatchOptions { Length = true, LengthBin = bin, Texts = 20 }, null, real);
        var lengths = Lengths(real);
        Assert.That(matched.Next(6, Texts([(true, generated)])).Select(row => lengths[row]), Is.All.EqualTo(expected));
    }

    /// <summary>Long texts have the property and short ones have not; generated ones are the other way round.</summary>
    [Test]
    public void ThePropertyGoesBeforeTheLength()
    {
        using var scope = NewDisposeScope();
        var real = Texts(Enumerable.Range(0, 20).Select(i => (i < 10, i < 10 ? 6 : 3)));
        var matched = Rows(OfRule with { Length = true }, new FirstToken(), real);
        Assert.That(matched.Next(6, Texts([(true, 3)])), Is.All.LessThan(10));
        Assert.That(matched.Next(6, Texts([(false, 6)])), Is.All.GreaterThanOrEqualTo(10));
    }

    [Test]
    public void WhereNoRealTextIsAlikeAllMayCome()
    {
        using var scope = NewDisposeScope();
        var matched = Rows(OfRule, new FirstToken(), Texts(Enumerable.Repeat((false, 4), 20)));
        Assert.That(matched.Next(20, Texts([(true, 4)])), Is.EquivalentTo(Enumerable.Range(0, 20)));
    }

    /// <summary>By thresholds of .5, then of 2 and of -1: as before, nobody, everybody.</summary>
    [Test]
    public void TextsAreLabelledAnewEverySoManyUpdates()
    {
        using var scope = NewDisposeScope();
        var property = new FirstToken(0.5, 2, -1);
        var matched = Rows(OfRule with { Every = 3 }, property, Half());
        var generated = Texts(Enumerable.Range(0, 8).Select(i => (i < 2, 4)));
        List<double> shares = [];
        for (var i = 0; i < 9; i++)
        {
            matched.Next(8, generated);
            shares.Add(matched.Shares.Real);
        }
        Assert.That(property.Renewals, Is.EqualTo(3));
        Assert.That(shares, Is.EqualTo(new[] { 0.25, 0.25, 0.25, 0, 0, 0, 1, 1, 1 }));
    }

    [Test]
    public void ItGoesOnFromACheckpointThoughLabelsWouldNowBeOthers()
    {
        using var scope = NewDisposeScope();
        var (real, random) = (Half(), new Random(1));
        TextBatch[] generated = [.. Enumerable.Range(0, 12)
            .Select(_ => Texts(Enumerable.Range(0, 8).Select(_ => (random.Next(3) > 0, random.Next(2, 9))).ToArray()))];
        var options = OfRule with { Length = true, Texts = 60, Every = 8, Memory = 0.7 };
        var order = new BatchOrder(100, 1, "order");
        MatchedRows Matched(double threshold, BatchOrder by) => new(options, new FirstToken(threshold), 100, by,
            rows => new TextBatch(real.Ids.index_select(0, tensor(rows)), 0), 1, "match");
        var first = Matched(0.5, order);
        for (var i = 0; i < 4; i++) first.Next(10, generated[i]);
        var bag = new StateBag();
        first.Save(bag);
        order.Save(bag.Scope("order"));
        var other = new BatchOrder(100, 1, "order");
        var second = Matched(5, other);
        second.Load(bag);
        other.Load(bag.Scope("order"));
        bag.Clear();
        for (var i = 4; i < 8; i++) Assert.That(second.Next(10, generated[i]), Is.EqualTo(first.Next(10, generated[i])), $"update {i}");
    }
}
