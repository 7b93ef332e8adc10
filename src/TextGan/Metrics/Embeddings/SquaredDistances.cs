namespace TextGan.Metrics.Embeddings;

/// <summary>Squared Euclidean distances between vectors.</summary>
static class SquaredDistances
{
    /// <summary>[N,D] and [M,D] float64 → [N,M], by |x|² + |y|² - 2xy.</summary>
    public static Tensor Between(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        var squares = one.Squared().sum(1, keepdim: true).Plus(other.Squared().sum(1)); // [N,M]
        return (squares - one.matmul(other.t()) * Held(2)).clamp_min(Held(0)).MoveToOuterDisposeScope();
    }
}
