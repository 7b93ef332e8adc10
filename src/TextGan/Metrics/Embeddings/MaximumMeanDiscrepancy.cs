namespace TextGan.Metrics.Embeddings;

/// <summary>
/// The squared maximum mean discrepancy (Gretton et al. 2012, lemma 6, the unbiased estimate), with the kernel exp(-|x - y|²/2σ²). The
/// estimate may be below 0; its expectation is 0 for equal distributions.
/// </summary>
public static class MaximumMeanDiscrepancy
{
    /// <summary>Vectors whose distances from all others are in memory at once.</summary>
    const int AtOnce = 512;

    /// <summary>The most vectors whose distances from each other are in memory at once, for their median.</summary>
    const int OfMedian = 2000;

    /// <summary>
    /// The median distance between two of the vectors [N,D], N above 1, the usual choice of σ (Gretton et al. 2012, section 8); of more
    /// than 2,000 vectors as many, evenly spread, stand for all.
    /// </summary>
    public static double MedianDistance(Tensor vectors)
    {
        using var scope = NewDisposeScope();
        var all = vectors.to_type(float64);
        if (all.shape[0] is > OfMedian and var count)
            all = all.index_select(0, tensor([.. Enumerable.Range(0, OfMedian).Select(i => i * count / OfMedian)], device: all.device));
        var distances = SquaredDistances.Of(all, all); // [N,N]
        var among = distances.masked_select(ones_like(distances, ScalarType.Bool).triu(1));
        return Math.Sqrt(among.median().item<double>());
    }

    /// <summary>Vectors [N,D] and [M,D], N and M above 1.</summary>
    /// <param name="one">The vectors.</param>
    /// <param name="other">Those they are compared with.</param>
    /// <param name="bandwidth">σ, above 0.</param>
    public static double Squared(Tensor one, Tensor other, double bandwidth)
    {
        using var scope = NewDisposeScope();
        var (x, y) = (one.to_type(float64), other.to_type(float64));
        var (n, m) = (x.shape[0], y.shape[0]);
        // A vector's kernel with itself is 1.
        return (KernelSum(x, x, bandwidth) - n) / ((double)n * (n - 1)) + (KernelSum(y, y, bandwidth) - m) / ((double)m * (m - 1))
            - 2 * KernelSum(x, y, bandwidth) / ((double)n * m);
    }

    static double KernelSum(Tensor x, Tensor y, double bandwidth)
    {
        var sum = 0.0;
        for (var from = 0L; from < x.shape[0]; from += AtOnce)
        {
            using var scope = NewDisposeScope();
            var distances = SquaredDistances.Of(x.narrow(0, from, Math.Min(AtOnce, x.shape[0] - from)), y);
            sum += (distances / Held(-2 * bandwidth * bandwidth)).exp_().sum().item<double>();
        }
        return sum;
    }
}
