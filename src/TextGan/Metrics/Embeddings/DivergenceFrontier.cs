namespace TextGan.Metrics.Embeddings;

/// <summary>
/// The area under the divergence frontier of two sets of vectors, as MAUVE has it (Pillutla et al. 2102.01454): vectors become clusters,
/// P and Q their histograms, and the frontier is the curve of (exp(-c KL(Q‖R)), exp(-c KL(P‖R))) over R = λP + (1 - λ)Q with c = 5. From 0
/// to 1; 1 for equal histograms.
/// </summary>
public static class DivergenceFrontier
{
    const double Scale = 5, Edge = 1e-6;
    const int Mixtures = 25, MostClusters = 500, VectorsPerCluster = 10;
    const double KeptVariance = 0.9;

    /// <summary>
    /// As the authors' program does: vectors have length 1, then those principal components of all of them are kept that have 90% of the
    /// variance; of the smaller set there is a cluster for each ten vectors, at least 2 and at most 500. The clusters come from k-means
    /// with a seed (<see cref="KMeans"/>).
    /// </summary>
    /// <param name="one">[N,D].</param>
    /// <param name="other">[M,D].</param>
    /// <param name="seed">Of the clusters' first centres.</param>
    public static double Area(Tensor one, Tensor other, int seed)
    {
        using var scope = NewDisposeScope();
        var all = cat([one.to_type(float64), other.to_type(float64)]); // [N+M,D]
        var lengths = all.Squared().sum(1, keepdim: true).sqrt(); // [N+M,1]
        var (n, m) = (one.shape[0], other.shape[0]);
        var count = (int)Math.Clamp(Math.Min(n, m) / VectorsPerCluster, 2, MostClusters);
        var clusters = KMeans.Of(Principal(all / lengths.clamp_min(Held(1e-12))), count, seed);
        return Area(Histogram(clusters.AsSpan(0, (int)n)), Histogram(clusters.AsSpan((int)n)));

        double[] Histogram(ReadOnlySpan<int> of)
        {
            var shares = new double[count];
            foreach (var cluster in of) shares[cluster] += 1.0 / of.Length;
            return shares;
        }
    }

    /// <summary>
    /// The area for two histograms, by the trapezoidal rule. The authors' program takes the mean of the areas by either axis; between the
    /// same end points these are equal.
    /// </summary>
    /// <param name="p">P.</param>
    /// <param name="q">Q.</param>
    /// <param name="mixtures">Values of λ, at least 2, evenly from 10⁻⁶ to 1 - 10⁻⁶ as in the authors' program; the curve's ends are (1,0)
    /// and (0,1).</param>
    public static double Area(IReadOnlyList<double> p, IReadOnlyList<double> q, int mixtures = Mixtures)
    {
        // From λ = 1, where R is P, to λ = 0: x = exp(-c KL(Q‖R)) rises from 0 to 1, y falls from 1 to 0.
        var points = new List<(double X, double Y)> { (0, 1) };
        for (var i = mixtures - 1; i >= 0; i--)
        {
            var lambda = Edge + (1 - 2 * Edge) * i / (mixtures - 1);
            double[] mixture = [.. p.Zip(q, (a, b) => lambda * a + (1 - lambda) * b)];
            points.Add((Math.Exp(-Scale * Divergence(q, mixture)), Math.Exp(-Scale * Divergence(p, mixture))));
        }
        points.Add((1, 0));
        return points.Zip(points.Skip(1), (a, b) => (b.X - a.X) * (a.Y + b.Y) / 2).Sum();
    }

    /// <summary>KL in nats.</summary>
    static double Divergence(IReadOnlyList<double> p, double[] q) => p.Zip(q, (a, b) => a > 0 ? a * Math.Log(a / b) : 0).Sum();

    /// <summary>[N,D] → [N,d]: the first principal components.</summary>
    static Tensor Principal(Tensor vectors)
    {
        using var scope = NewDisposeScope();
        var centred = vectors - vectors.mean([0]);
        var (values, directions) = linalg.eigh(centred.t().matmul(centred)); // ascending
        var variances = values.clamp_min(Held(0)).flip(0).data<double>().ToArray();
        var (kept, sum, total) = (0, 0.0, variances.Sum());
        while (kept < variances.Length && (kept == 0 || sum < KeptVariance * total)) sum += variances[kept++];
        return centred.matmul(directions.flip(1).narrow(1, 0, kept)).MoveToOuterDisposeScope();
    }
}
