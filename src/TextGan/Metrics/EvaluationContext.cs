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
    /// The generator as it was at the start of the adversarial phase; null before that phase, and where no metric asks for it
    /// (<see cref="MetricOptions.NeedsReference"/>).
    /// </summary>
    public Generator? Reference { get; init; }
}
