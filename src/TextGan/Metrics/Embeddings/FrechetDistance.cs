using TorchSharp;

namespace TextGan.Metrics.Embeddings;

/// <summary>
/// The Fréchet distance between two sets of vectors, each taken as a Gaussian (Dowson and Landau 1982; of text embeddings Semeniuta et al.
/// 1806.04936): |m₁ - m₂|² + tr(C₁ + C₂ - 2 (C₁C₂)^½), the square of a distance, as it is usually given.
/// </summary>
public static class FrechetDistance
{
    /// <summary>The distance between sets of vectors, [N,D] and [M,D] with N and M above 1.</summary>
    public static double Of(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        return Of(one.mean([0], type: float64), Covariance(one), other.mean([0], type: float64), Covariance(other));
    }

    /// <summary>
    /// The distance between N(m₁, C₁) and N(m₂, C₂). tr (C₁C₂)^½ is the sum of the roots of the eigenvalues of C₁^½ C₂ C₁^½, which is
    /// symmetric, unlike C₁C₂, so that the roots exist and are real even if fewer vectors than dimensions make both matrices singular. No
    /// multiple of the identity is added. Eigenvalues that rounding has made negative count as 0.
    /// </summary>
    /// <param name="mean">m₁, [D] float64.</param>
    /// <param name="covariance">C₁, [D,D] float64.</param>
    /// <param name="otherMean">m₂.</param>
    /// <param name="otherCovariance">C₂.</param>
    public static double Of(Tensor mean, Tensor covariance, Tensor otherMean, Tensor otherCovariance)
    {
        using var scope = NewDisposeScope();
        var (values, vectors) = linalg.eigh(covariance); // [D], [D,D]
        var root = (vectors * values.clamp_min(Held(0)).sqrt()).matmul(vectors.t()); // C₁^½
        var product = root.matmul(otherCovariance).matmul(root);
        var roots = linalg.eigvalsh((product.Plus(product.t())) * Held(0.5)).clamp_min(Held(0)).sqrt(); // [D]
        var distance = (mean - otherMean).Squared().sum()
            .Plus(covariance.trace()).Plus(otherCovariance.trace()) - roots.sum() * Held(2);
        return Math.Max(0, distance.item<double>());
    }

    /// <summary>[D,D] float64, of n - 1.</summary>
    static Tensor Covariance(Tensor vectors)
    {
        using var scope = NewDisposeScope();
        var centred = vectors.to_type(float64);
        centred = centred - centred.mean([0]);
        return (centred.t().matmul(centred) / Held(vectors.shape[0] - 1.0)).MoveToOuterDisposeScope();
    }
}
