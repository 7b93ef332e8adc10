using TextGan.Reporting;

namespace TextGan.Tests.Reporting;

public sealed class ThinningTests
{
    static double[] Steps(int count) => [.. Enumerable.Range(0, count).Select(i => (double)i)];

    [Test]
    public void AShortSeriesStaysAsItIs()
    {
        var (xs, ys) = (Steps(200), Steps(200).Select(Math.Sin).ToArray());
        var kept = Thinning.MinMax(xs, ys, 100).Single();
        Assert.That(kept.Xs, Is.EqualTo(xs));
        Assert.That(kept.Ys, Is.EqualTo(ys));
        Assert.That(Thinning.MinMax([], [], 10), Is.Empty);
    }

    /// <summary>Wherever a spike of one point stands, up or down, it stays, and so do both ends.</summary>
    [Test]
    public void SpikesStay()
    {
        const int count = 50_000;
        var random = new Random(1);
        var xs = Steps(count);
        for (var trial = 0; trial < 200; trial++)
        {
            double[] ys = [.. xs.Select(_ => random.NextDouble())];
            var (up, down) = (random.Next(count), random.Next(count));
            ys[up] = 7;
            ys[down] = -7;
            var kept = Thinning.MinMax(xs, ys, 300).Single();
            Assert.That(kept.Xs.Length, Is.LessThanOrEqualTo(4 * 300));
            Assert.That(kept.Xs, Is.Ordered.Ascending);
            Assert.That(kept.Xs.Distinct().Count(), Is.EqualTo(kept.Xs.Length));
            Assert.That((kept.Xs[0], kept.Xs[^1]), Is.EqualTo((0.0, count - 1.0)));
            Assert.That(up == down || kept.Ys.Max() == 7 && kept.Xs[Array.IndexOf(kept.Ys, 7)] == up, $"spike at {up}");
            Assert.That(kept.Ys.Min() == -7 && kept.Xs[Array.IndexOf(kept.Ys, -7)] == down, $"spike at {down}");
            Assert.That(kept.Xs.Zip(kept.Ys), Is.All.Matches<(double X, double Y)>(point => ys[(int)point.X] == point.Y),
                "points are the series' own");
        }
    }

    [Test]
    public void EveryBucketKeepsItsRange()
    {
        var xs = Steps(10_000);
        double[] ys = [.. xs.Select(x => Math.Sin(x / 37) * x)];
        var kept = Thinning.MinMax(xs, ys, 50).Single();
        for (var bucket = 0; bucket < 50; bucket++)
        {
            // A bucket is 9999/50 wide.
            bool Inside(double x) => (int)Math.Min(49, x / 9999 * 50) == bucket;
            double[] all = [.. xs.Where(Inside).Select(x => ys[(int)x])],
                some = [.. kept.Xs.Zip(kept.Ys).Where(point => Inside(point.First)).Select(point => point.Second)];
            Assert.That((some.Min(), some.Max(), some[0], some[^1]), Is.EqualTo((all.Min(), all.Max(), all[0], all[^1])),
                $"bucket {bucket}");
        }
    }

    [Test]
    public void GapsDivideALine()
    {
        double[] ys = [1, 2, double.NaN, 3, double.PositiveInfinity, double.NegativeInfinity, 4, 5];
        Assert.That(Thinning.MinMax(Steps(8), ys, 100).Select(stretch => string.Join(' ', stretch.Xs)),
            Is.EqualTo(new[] { "0 1", "3", "6 7" }));
        Assert.That(Thinning.MinMax(Steps(3), [double.NaN, double.NaN, double.NaN], 100), Is.Empty);

        // In a thinned series a gap of several buckets stays one, a single missing point closes.
        var xs = Steps(10_000);
        double[] wide = [.. xs.Select(x => x is > 4000 and < 6000 ? double.NaN : x)],
            narrow = [.. xs.Select(x => x == 5000 ? double.NaN : x)];
        var parts = Thinning.MinMax(xs, wide, 100);
        Assert.That(parts.Select(part => (part.Xs[0], part.Xs[^1])), Is.EqualTo(new[] { (0.0, 4000.0), (6000.0, 9999.0) }));
        Assert.That(Thinning.MinMax(xs, narrow, 100), Has.Count.EqualTo(1));
    }

    [Test]
    public void UnevenStepsAndEqualStepsLoseNothing()
    {
        var random = new Random(2);
        double[] xs = [.. Enumerable.Range(0, 5000).Select(_ => Math.Pow(random.NextDouble(), 4) * 1e6).Order()];
        double[] ys = [.. xs.Select(_ => random.NextDouble())];
        ys[4321] = 9;
        var kept = Thinning.MinMax(xs, ys, 100).Single();
        Assert.That(kept.Ys.Max(), Is.EqualTo(9));
        Assert.That(kept.Xs[^1], Is.EqualTo(xs[^1]));
        double[] same = [.. Enumerable.Repeat(3.0, 5000)];
        Assert.That(Thinning.MinMax(same, ys, 10).Single().Ys, Does.Contain(9.0));
    }

    [Test]
    public void ImpossibleAskingIsRefused()
    {
        Assert.That(() => Thinning.MinMax([1], [1], 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Thinning.MinMax([1, 2], [1], 5),
            Throws.ArgumentException.With.Message.StartsWith("There are 2 positions and 1 values; they must be as many."));
    }
}
