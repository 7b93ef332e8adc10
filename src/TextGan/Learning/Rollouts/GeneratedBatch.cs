namespace TextGan.Learning.Rollouts;

/// <summary>Texts that the generator made in a step, with the logits that regularisers need.</summary>
/// <param name="Tokens">[B,T] ids, and relaxed tokens where the estimator uses them.</param>
/// <param name="Logits">[B,T,V] of the token at each position, differentiable in the generator's parameters; null where the estimator did
/// not make them from ids (or not at all).</param>
public sealed record GeneratedBatch(TextBatch Tokens, Tensor? Logits)
{
    /// <summary>In how many parts regularisers read it.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>[B,T]: log p of each token, differentiable; null where the estimator did not read its texts.</summary>
    public Tensor? LogProbabilities { get; init; }

    /// <summary>
    /// [B,T], detached: the advantage of each token by all discriminators at their configured weights; null where the estimator has none.
    /// </summary>
    public Tensor? Advantages { get; init; }

    /// <summary>[B,T]: log p of each token under the reference; null where it was not asked for.</summary>
    public Tensor? Reference { get; init; }
}
