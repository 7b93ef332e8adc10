using TextGan.Metrics.Sweeps;

namespace TextGan.Tests.Metrics.Sweeps;

public sealed class HypervolumeTests
{
    static double Of(double[] reference, params double[][] points) => Hypervolume.Of(points, reference);

    [Test]
    public void In_two_dimensions_it_is_the_area_under_the_staircase()
    {
        // By hand: columns of width 1, 1 and 2 with heights 4, 3 and 1 over (0, 0).
        Assert.That(Of([0, 0], [1, 4], [2, 3], [4, 1]), Is.EqualTo(1 * 4 + 1 * 3 + 2 * 1));
        Assert.That(Of([0, 0], [4, 1], [1, 4], [2, 3]), Is.EqualTo(9), "in any order");
        Assert.That(Of([0, 0], [1, 4], [2, 3], [4, 1], [1, 1], [2, 2], [2, 3], [1, 3]), Is.EqualTo(9),
            "dominated and equal points add nothing");
        Assert.That(Of([1, 1], [1, 4], [2, 3], [4, 1]), Is.EqualTo(1 * 2), "nor do points that are not above the reference everywhere");
        Assert.That(Of([-1, -2], [-0.5, -1]), Is.EqualTo(0.5));
        Assert.That(Of([0, 0]), Is.Zero);
        Assert.That(Of([2], [3], [5], [1]), Is.EqualTo(3));
    }

    [Test]
    public void In_three_and_four_dimensions_it_is_the_volume_of_the_union_of_boxes()
    {
        // Inclusion and exclusion: 2·2·1 + 1·1·3 - 1·1·1.
        Assert.That(Of([0, 0, 0], [2, 2, 1], [1, 1, 3]), Is.EqualTo(6));
        var random = new Random(4);
        foreach (var dimensions in (int[])[3, 4])
        {
            double[][] points = [.. Enumerable.Range(0, 6).Select(_ => (double[])[.. Enumerable.Range(0, dimensions)
                .Select(_ => random.NextDouble())])];
            // Over all subsets: (-1)^(n+1) times the product of the smallest coordinates.
            var volume = Enumerable.Range(1, (1 << points.Length) - 1).Sum(subset =>
            {
                double[][] chosen = [.. points.Where((_, i) => (subset >> i & 1) == 1)];
                return (chosen.Length % 2 == 1 ? 1 : -1)
                    * Enumerable.Range(0, dimensions).Select(k => chosen.Min(point => point[k])).Aggregate((a, b) => a * b);
            });
            Assert.That(Of(new double[dimensions], points), Is.EqualTo(volume).Within(1e-12));
        }
    }
}
