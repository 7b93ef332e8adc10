namespace TextGan.Generators.Decoder;

/// <summary>The angles of some positions. With D the width of a head, value i is rotated together with value i + D/2.</summary>
/// <param name="Position">The first position.</param>
/// <param name="Cosine">[T,D].</param>
/// <param name="Sine">[T,D], negative in the first half, so that no half needs to be negated when it is applied.</param>
readonly record struct RotaryTurn(int Position, Tensor Cosine, Tensor Sine)
{
    /// <summary>[B,heads,T,D] → the same, rotated.</summary>
    public Tensor Apply(Tensor x) => (x * Cosine).Plus(x.roll(x.shape[^1] / 2, -1) * Sine);
}
