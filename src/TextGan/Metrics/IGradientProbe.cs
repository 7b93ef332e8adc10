namespace TextGan.Metrics;

/// <summary>The gradients of the generator's objective, as the update rule estimates them and as they are.</summary>
public interface IGradientProbe
{
    /// <summary>K discriminators by name.</summary>
    IReadOnlyList<string> Judges { get; }

    /// <summary>
    /// [K,P] float64 on the CPU: the gradient of each discriminator's expected loss in the generator's parameters, by summation over all
    /// texts that the generator can write.
    /// </summary>
    Tensor Exact();

    /// <summary>
    /// Calls <paramref name="use"/> with so many estimates of it, [K,P] each, from training batches of their own. What the rule learns on
    /// the way is forgotten afterwards.
    /// </summary>
    /// <param name="warmUp">Estimates that are made first and not shown, from which the rule learns.</param>
    /// <param name="count">Estimates.</param>
    /// <param name="use">Gets each of them.</param>
    void Estimate(int warmUp, int count, Action<Tensor> use);
}
