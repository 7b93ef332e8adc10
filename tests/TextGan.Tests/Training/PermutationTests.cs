using TextGan.Training;

namespace TextGan.Tests.Training;

public class PermutationTests
{
    [Test]
    public void Every_number_comes_once()
    {
        for (var count = 1; count <= 300; count++)
            foreach (var seed in (int[])[0, 1, 12345])
            {
                var permutation = new Permutation(count, seed);
                Assert.That(Enumerable.Range(0, count).Select(i => permutation[i]).Order(),
                    Is.EqualTo(Enumerable.Range(0, count).Select(i => (long)i)), $"{count}, seed {seed}");
            }
    }

    [Test]
    public void Every_number_comes_once_where_there_are_millions()
    {
        const int count = 5_000_003;
        var permutation = new Permutation(count, 7);
        var seen = new bool[count];
        for (var i = 0L; i < count; i++)
        {
            Assert.That(seen[permutation[i]], Is.False);
            seen[permutation[i]] = true;
        }
    }

    /// <summary>
    /// Over seeds each of 6 places is taken by each of 6 items equally often: χ² with 25 degrees of freedom is above 52.6 once in 1000
    /// times.
    /// </summary>
    [Test]
    public void Every_order_is_as_likely()
    {
        const int count = 6, seeds = 6000;
        var counts = new int[count, count];
        for (var seed = 0; seed < seeds; seed++)
        {
            var permutation = new Permutation(count, seed);
            for (var i = 0; i < count; i++) counts[i, permutation[i]]++;
        }
        var expected = seeds / (double)count;
        Assert.That(counts.Cast<int>().Sum(found => (found - expected) * (found - expected) / expected), Is.LessThan(52.6));
    }

    [Test]
    public void Neighbours_are_torn_apart()
    {
        var permutation = new Permutation(1 << 30, 3);
        Assert.That(Enumerable.Range(0, 1000).Count(i => Math.Abs(permutation[i] - permutation[i + 1]) < 1 << 20), Is.LessThan(10),
            "two in a thousand are expected to lie as close");
    }

    [Test]
    public void A_large_order_goes_on_where_it_was_and_differs_by_epoch()
    {
        const long rows = (1 << 22) + 5;
        var whole = new BatchOrder(rows, seed: 2, "x");
        var first = whole.Next(200);
        var stopped = new BatchOrder(rows, seed: 2, "x");
        stopped.Next(77);
        var bag = new TextGan.Storage.StateBag();
        stopped.Save(bag);
        var resumed = new BatchOrder(rows, seed: 2, "x");
        resumed.Load(bag);
        Assert.That(resumed.Next(123), Is.EqualTo(first[77..]));
        Assert.That(first, Is.Unique.And.All.InRange(0, rows - 1));
        Assert.That(new BatchOrder(rows, seed: 3, "x").Next(200), Is.Not.EqualTo(first));
    }
}
