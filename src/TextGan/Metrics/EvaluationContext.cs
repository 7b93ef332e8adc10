using TextGan.Generators.Sampling;
using TextGan.Generators.Search;

namespace TextGan.Metrics;

/// <summary>What is measured at one evaluation.</summary>
/// <param name="Generator">In evaluation mode (dropout off), gradients off.</param>
/// <param name="Texts">Generated texts; of texts with prompts the responses.</param>
/// <param name="Tokens">Their token ids, without end tokens, index-matched with <paramref name="Texts"/>.</param>
public sealed record EvaluationContext(Generator Generator, IReadOnlyList<string> Texts, IReadOnlyList<int[]> Tokens)
{
    /// <summary>
    /// [N,T], on the CPU: the same texts as the generator wrote them, with their prompts; null where only texts are there.
    /// </summary>
    public TextBatch? Batch { get; init; }

    /// <summary>
    /// The generator as it was at the start of the adversarial phase; null before that phase, and where nobody needs it.
    /// </summary>
    public Generator? Reference { get; init; }

    /// <summary>Whether a phase has come to its end.</summary>
    public bool IsEnd { get; init; }

    /// <summary>The discriminators' reward of each text, Σ_k w_k logit_k, [N]; null outside the adversarial phase.</summary>
    public Func<TextBatch, Tensor>? Reward { get; init; }

    /// <summary>What the update rule has learnt of the worth of beginnings; null where it learns none.</summary>
    public PrefixValue? Value { get; init; }

    /// <summary>The gradients that the update rule estimates; null outside the adversarial phase.</summary>
    public IGradientProbe? Gradients { get; init; }

    /// <summary>The discriminators as they are; empty outside the adversarial phase.</summary>
    public IReadOnlyList<EvaluatedJudge> Judges { get; init; } = [];

    /// <summary>Draws texts beyond those of the evaluation; null where only texts are there.</summary>
    public DrawTexts? Draw { get; init; }
}

/// <summary>
/// Texts as an evaluation draws them, [n,T] on the CPU: number <paramref name="from"/> and so many that follow, from random numbers that
/// depend on the evaluation, the purpose and <paramref name="from"/>; without <paramref name="sampling"/> as the evaluation's are drawn.
/// </summary>
public delegate TextBatch DrawTexts(Generator generator, string purpose, int from, int count, SamplingOptions? sampling = null);
