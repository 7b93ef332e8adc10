using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>
/// Tokens that are drawn already, one-hot [...,V], with a gradient of something else in the logits: what a loss sees is the token, what its
/// slope is multiplied by is the derivative that the method says.
/// </summary>
public static class StraightThrough
{
    /// <summary>
    /// The derivative of y = mean_k softmax((z + g_k)/τ), where the noises g_k draw the token (<see cref="ConditionalGumbel"/>). With
    /// K = 1 the gradient is distributed as that of straight-through Gumbel-softmax; with more it has the same mean and less variance
    /// (Gumbel-Rao: Paulus et al., 2010.04838).
    /// </summary>
    /// <param name="logits">z [...,V].</param>
    /// <param name="tokens">[...] int64.</param>
    /// <param name="temperature">τ.</param>
    /// <param name="draws">K.</param>
    public static Tensor GumbelRao(Tensor logits, Tensor tokens, double temperature, int draws)
    {
        using var scope = NewDisposeScope();
        var logProbabilities = logits.log_softmax(-1);
        var noise = ConditionalGumbel.Draw(logProbabilities.detach(), tokens, draws) - logProbabilities.detach(); // [K,...,V]
        return Shown(tokens, (logProbabilities.Plus(noise) / Held(temperature)).softmax(-1).mean([0L])).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// ReinMax (Liu et al., 2304.08612, algorithm 2): the derivative of 2 π₁ - ½ π with π₁ = ½ (x + softmax(z/τ)), in which π₁ depends on
    /// the logits as a softmax does. With τ = 1 its mean is exact for one token and a loss that is quadratic in it.
    /// </summary>
    /// <inheritdoc cref="GumbelRao"/>
    public static Tensor ReinMax(Tensor logits, Tensor tokens, double temperature)
    {
        using var scope = NewDisposeScope();
        var middle = (OneHot(tokens, logits).Plus((logits.detach() / Held(temperature)).softmax(-1)) / Held(2.0)).log(); // ln π₁
        var ofMiddle = logits.Plus(middle - logits.detach()).softmax(-1);
        return Shown(tokens, ofMiddle * Held(2.0) - logits.softmax(-1) / Held(2.0)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The derivative of softmax(z/τ), without noise (Bengio et al., 1308.3432). With τ = 1 its mean is exact for one token and a loss that
    /// is linear in it.
    /// </summary>
    /// <inheritdoc cref="GumbelRao"/>
    public static Tensor Softmax(Tensor logits, Tensor tokens, double temperature)
    {
        using var scope = NewDisposeScope();
        return Shown(tokens, (logits / Held(temperature)).softmax(-1)).MoveToOuterDisposeScope();
    }

    static Tensor OneHot(Tensor tokens, Tensor like) => nn.functional.one_hot(tokens, like.shape[^1]).to_type(like.dtype);

    static Tensor Shown(Tensor tokens, Tensor y) => OneHot(tokens, y).Plus(y - y.detach());
}
