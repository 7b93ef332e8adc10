using TextGan.Data;
using TextGan.Metrics.Embeddings;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Metrics.Embeddings;

/// <summary>Fréchet distance, MMD and divergence frontier against values by hand and against halves of one set.</summary>
public sealed class EmbeddingDistanceTests
{
    static Tensor Of(double[,] values) => tensor(values);

    /// <summary>Vectors of independent normal numbers, by Box and Muller.</summary>
    static double[,] Normal(int count, int width, string name, double shift = 0)
    {
        var (random, values) = (new SeededRandom(1, name), new double[count, width]);
        for (var i = 0; i < count; i++)
            for (var d = 0; d < width; d++)
                values[i, d] = shift + Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return values;
    }

    /// <summary>Diagonal matrices commute: Σ (m₁ - m₂)² + Σ (√a - √b)² = 9 + 1 + (2 - 1)² + (3 - 5)².</summary>
    [Test]
    public void Frechet_of_commuting_covariances()
    {
        var found = FrechetDistance.Of(tensor(new[] { 1.0, 2 }), Of(new[,] { { 4.0, 0 }, { 0, 9 } }), tensor(new[] { 4.0, 1 }),
            Of(new[,] { { 1.0, 0 }, { 0, 25 } }));
        Assert.That(found, Is.EqualTo(15).Within(1e-12));
    }

    /// <summary>
    /// Of two dimensions tr (C₁C₂)^½ = √(tr C₁C₂ + 2 √(det C₁ det C₂)): C₁C₂ = ((1.5, 1), (-0.5, 5.5)), the determinants are 5 and 1.75.
    /// </summary>
    [Test]
    public void Frechet_of_covariances_that_do_not_commute()
    {
        var found = FrechetDistance.Of(tensor(new[] { 0.0, 0 }), Of(new[,] { { 2.0, 1 }, { 1, 3 } }), tensor(new[] { 1.0, 2 }),
            Of(new[,] { { 1, -0.5 }, { -0.5, 2 } }));
        Assert.That(found, Is.EqualTo(5 + 5 + 3 - 2 * Math.Sqrt(7 + 2 * Math.Sqrt(5 * 1.75))).Within(1e-12));
    }

    /// <summary>Variances 2 and 8 of n - 1: 3² + (√2 - √8)² = 9 + 2.</summary>
    [Test]
    public void Frechet_of_vectors() =>
        Assert.That(FrechetDistance.Of(Of(new[,] { { 0.0 }, { 2 } }), Of(new[,] { { 2.0 }, { 6 } })), Is.EqualTo(11).Within(1e-12));

    /// <summary>Fewer vectors than dimensions: both covariances are singular.</summary>
    [Test]
    public void Frechet_of_singular_covariances_is_that_of_what_varies()
    {
        var (one, other) = (Normal(5, 20, "singular"), Normal(5, 20, "singular", shift: 2));
        Assert.That(FrechetDistance.Of(Of(one), Of(one)), Is.Zero.Within(1e-6));
        Assert.That(FrechetDistance.Of(Of(one), Of(other)), Is.EqualTo(20 * 4).Within(1e-5), "the covariances are equal");
    }

    [Test]
    public void Discrepancy_by_hand()
    {
        // k(a, b) = exp(-(a - b)²) for σ = √½. Pairs of different numbers: 0 and 1; 0 and 2. Across: 0-0, 0-2, 1-0, 1-2.
        var expected = Math.Exp(-1) + Math.Exp(-4) - 2 * (1 + Math.Exp(-4) + Math.Exp(-1) + Math.Exp(-1)) / 4;
        var found = MaximumMeanDiscrepancy.Squared(Of(new[,] { { 0.0 }, { 1 } }), Of(new[,] { { 0.0 }, { 2 } }), Math.Sqrt(0.5));
        Assert.That(found, Is.EqualTo(expected).Within(1e-12));
    }

    /// <summary>Of 600 vectors, more than are in memory at once, against the plain double loop.</summary>
    [Test]
    public void Discrepancy_of_many_vectors_is_the_double_sum()
    {
        var (x, y) = (Normal(600, 2, "x"), Normal(550, 2, "y", shift: 1));
        double Kernel(double[,] a, int i, double[,] b, int j) =>
            Math.Exp(-(Math.Pow(a[i, 0] - b[j, 0], 2) + Math.Pow(a[i, 1] - b[j, 1], 2)) / (2 * 1.5 * 1.5));
        double Mean(double[,] a, double[,] b) => (from i in Enumerable.Range(0, a.GetLength(0))
                                                  from j in Enumerable.Range(0, b.GetLength(0))
                                                  where a != b || i != j
                                                  select Kernel(a, i, b, j)).Average();
        Assert.That(MaximumMeanDiscrepancy.Squared(Of(x), Of(y), 1.5), Is.EqualTo(Mean(x, x) + Mean(y, y) - 2 * Mean(x, y)).Within(1e-10));
    }

    /// <summary>Distances 1, 2, 3, 4, 5 and 6 would need an average of two; TorchSharp's median is the lower of the middle ones.</summary>
    [Test]
    public void The_bandwidth_is_the_median_distance() =>
        Assert.That(MaximumMeanDiscrepancy.MedianDistance(Of(new[,] { { 0.0 }, { 1 }, { 5 } })), Is.EqualTo(4).Within(1e-12));

    [Test]
    public void The_frontier_of_equal_histograms_has_the_area_1() =>
        Assert.That(DivergenceFrontier.Area([0.25, 0.75], [0.25, 0.75]), Is.EqualTo(1).Within(1e-12));

    /// <summary>
    /// Constants by a program in Python that does what mauve-text does (compute_mauve with its defaults): λ over
    /// linspace(1e-6, 1 - 1e-6, 25), the extreme points, the trapezoidal rule by either axis, and the mean of both; c = 5, in nats.
    /// </summary>
    [TestCase(new[] { 0.75, 0.25 }, new[] { 0.25, 0.75 }, 25, 0.5596114605911457)]
    [TestCase(new[] { 0.75, 0.25 }, new[] { 0.25, 0.75 }, 3, 0.5507271539969179)]
    [TestCase(new[] { 0.5, 0.3, 0.2, 0 }, new[] { 0.1, 0.2, 0.3, 0.4 }, 25, 0.27116965225156514)]
    [TestCase(new[] { 1.0, 0 }, new[] { 0.0, 1 }, 25, 0.004072096261961257)]
    public void The_frontier_has_the_grid_of_the_authors(double[] p, double[] q, int mixtures, double area)
    {
        Assert.That(DivergenceFrontier.Area(p, q, mixtures: mixtures), Is.EqualTo(area).Within(1e-12));
        if (mixtures == 25) Assert.That(DivergenceFrontier.Area(p, q), Is.EqualTo(area).Within(1e-12), "the default");
    }

    /// <summary>
    /// Histograms without a common cluster: KL(P‖R) = -ln λ, KL(Q‖R) = -ln(1 - λ), so the curve is (λ⁵, (1 - λ)⁵) and its area the integral
    /// of (1 - λ)⁵ 5λ⁴ = 5 B(5, 6) = 5 · 4! 5! / 10!.
    /// </summary>
    [Test]
    public void The_frontier_of_disjoint_histograms_is_a_beta_function() =>
        Assert.That(DivergenceFrontier.Area([1, 0], [0, 1], mixtures: 5000), Is.EqualTo(5.0 * 24 * 120 / 3628800).Within(1e-7));

    [Test]
    public void Clusters_that_lie_apart_are_found()
    {
        var values = Normal(60, 2, "clusters");
        for (var i = 0; i < 60; i++) values[i, 0] += 100 * (i % 3);
        var clusters = KMeans.Of(Of(values), 3, seed: 1);
        Assert.That(Enumerable.Range(0, 60).GroupBy(i => i % 3).Select(same => same.Select(i => clusters[i]).Distinct().Count()),
            Is.All.EqualTo(1));
        Assert.That(clusters.Distinct().Count(), Is.EqualTo(3));
        Assert.That(KMeans.Of(Of(values), 3, seed: 1), Is.EqualTo(clusters), "the same seed");
    }

    [Test]
    public void Equal_vectors_are_one_cluster() =>
        Assert.That(KMeans.Of(zeros([20, 3], float64), 4, seed: 1).Distinct().Count(), Is.EqualTo(1));

    /// <summary>
    /// The halves of one set are no farther apart than 95% of random divisions of it are, which is what a bootstrap of distances under
    /// equality gives, and a set that is shifted by half a deviation is farther than all of these.
    /// </summary>
    [TestCase("frechet")]
    [TestCase("mmd")]
    [TestCase("mauve")]
    public void Halves_of_one_set_have_the_distance_of_chance(string which)
    {
        var all = Of(Normal(400, 4, "halves"));
        var bandwidth = MaximumMeanDiscrepancy.MedianDistance(all);
        double Distance(Tensor one, Tensor other) => which switch
        {
            "frechet" => FrechetDistance.Of(one, other),
            "mmd" => MaximumMeanDiscrepancy.Squared(one, other, bandwidth),
            _ => -DivergenceFrontier.Area(one, other, seed: 1),
        };
        var random = new SeededRandom(1, "divisions");
        double Divided(long[] order) => Distance(all.index_select(0, tensor(order[..200])), all.index_select(0, tensor(order[200..])));
        long[] rows = [.. Enumerable.Range(0, 400).Select(i => (long)i)];
        double[] chance = [.. Enumerable.Range(0, which == "mauve" ? 20 : 100)
            .Select(_ => Divided([.. rows.OrderBy(_ => random.Next())])).Order()];
        Assert.That(Divided(rows), Is.LessThanOrEqualTo(chance[^(1 + chance.Length / 20)]));
        if (which == "mmd") Assert.That(chance[2] < 0 && chance[^3] > 0, "the unbiased estimate is 0 in the mean");
        Assert.That(Distance(all.narrow(0, 0, 200), all.narrow(0, 200, 200) + 0.5), Is.GreaterThan(chance[^1]));
    }

    [Test]
    public void Nothing_is_left_behind()
    {
        var (one, other) = (Of(Normal(30, 3, "one")), Of(Normal(40, 3, "other")));
        void Measure() => _ = (FrechetDistance.Of(one, other), MaximumMeanDiscrepancy.Squared(one, other, 1),
            MaximumMeanDiscrepancy.MedianDistance(one), DivergenceFrontier.Area(one, other, 1));
        Measure();
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Measure();
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(live));
    }
}
